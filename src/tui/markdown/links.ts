import { reach, type Stretch } from "./delimiters.ts";

/** A link in the source: its text is [from, to), it ends before `end`. */
export interface FoundLink {
  readonly from: number;
  readonly to: number;
  readonly end: number;
  readonly target: string;
  /** not there yet: the text that is known ends within it */
  readonly open: boolean;
}

/** A link is no longer than that. */
const longest = 4 * reach;

const whole = /^!?\[([^[\]]*)\]\(<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"[^"]*")?\s*\)/;
const begun = /^!?(?:\[[^[\]]*(?:\]|\]\([^)]*)?)?$/;
const targetBegun = /^!?\[([^[\]]+)\]\(/;

/** The link `[text](target)` at `at`, as far as it is known; undefined: that is none, and will not be one. */
export function bracketLink({ text, end, closed }: Stretch, at: number): FoundLink | undefined {
  const source = text.slice(at, Math.min(end, at + longest));
  const found = whole.exec(source);
  const from = at + source.indexOf("[") + 1;
  if (found !== null) {
    const [all, shown = "", target = ""] = found;
    return { from, to: from + shown.length, end: at + all.length, target: safeTarget(target), open: false };
  }
  if (closed || source.length >= longest || !begun.test(source)) return undefined;
  const shown = targetBegun.exec(source)?.[1];
  const to = shown === undefined ? from : from + shown.length;
  return { from, to, end: shown === undefined ? at : end, target: "", open: true };
}

/** The address `https://...` or `<https://...>` at `at`. */
export function bareLink({ text, end, closed }: Stretch, at: number): FoundLink | undefined {
  const source = text.slice(at, Math.min(end, at + longest));
  const [all, angle = "", address = ""] = /^(<?)(https?:\/\/[^\s<>"'`|*]+)/.exec(source) ?? [];
  if (all === undefined) return undefined;
  const open = !closed && at + all.length >= end;
  const shown = angle === "" ? address.replace(/[.,;:!?)\]}_~]+$/, "") : address;
  const from = at + angle.length;
  const closing = angle !== "" && text[from + shown.length] === ">" ? 1 : 0;
  if (angle !== "" && closing === 0 && !open) return undefined;
  return {
    from,
    to: from + shown.length,
    end: from + shown.length + closing,
    target: safeTarget(shown),
    open,
  };
}

/** An address that a terminal can be given; "" if it is none. */
function safeTarget(target: string): string {
  return /^(?:https?:\/\/|mailto:)[!-~]+$/i.test(target) ? target : "";
}
