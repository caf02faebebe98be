import type { Key } from "ink";

/** What came from the keyboard: a key by name ("ctrl+a", "alt+up", "enter"), or text. */
export type Stroke =
  | { readonly kind: "key"; readonly name: string }
  | { readonly kind: "text"; readonly text: string };

type KeyFacts = Pick<Key, "ctrl" | "meta" | "shift"> & Partial<Key>;

const named = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["escape", "esc"],
  ["tab", "tab"],
  ["backspace", "backspace"],
  ["delete", "delete"],
] as const;

/** What Ink leaves of the terminal's answer to a question for its colours, where it came too late to be waited for. */
const lateReply = /^1[01];rgba?:[\da-f/]+(?:\u0007|$)/i; // oxlint-disable-line no-control-regex

/**
 * Names what Ink read. A terminal that is typed into fast, or that does not bracket its pastes, delivers many
 * characters at once: they come apart here, and only a lone carriage return at their very end means Enter.
 */
export function strokesOf(read: string, key: KeyFacts): Stroke[] {
  if (key.eventType === "release") return [];
  const input = read.replace(lateReply, "");
  const special = named.find(([flag]) => key[flag] === true)?.[1];
  if (special !== undefined) return [{ kind: "key", name: withModifiers(special, key) }];
  if (key.ctrl || key.meta)
    return input === "" ? [] : [{ kind: "key", name: withModifiers(input.toLowerCase(), key) }];
  return input.length > 1 || isControl(input) ? strokesInChunk(input) : textStroke(input);
}

function withModifiers(name: string, { ctrl, meta, shift }: KeyFacts): string {
  const shifted = shift && name.length > 1;
  return `${ctrl ? "ctrl+" : ""}${meta ? "alt+" : ""}${shifted ? "shift+" : ""}${name}`;
}

function strokesInChunk(chunk: string): Stroke[] {
  const text = chunk.replaceAll("\r\n", "\n");
  const sends = text.endsWith("\r");
  const body = sends ? text.slice(0, -1) : text;
  const strokes = body.split(/([\u0000-\u001F\u007F])/).flatMap(strokesInPart); // oxlint-disable-line no-control-regex
  return sends ? [...strokes, { kind: "key", name: "enter" }] : strokes;
}

function strokesInPart(part: string): Stroke[] {
  if (!isControl(part)) return textStroke(part);
  if (part === "\r" || part === "\n") return [{ kind: "key", name: "ctrl+j" }];
  if (part === "\t") return [{ kind: "key", name: "tab" }];
  return [{ kind: "key", name: `ctrl+${String.fromCodePoint(part.charCodeAt(0) + 64).toLowerCase()}` }];
}

function textStroke(text: string): Stroke[] {
  return text === "" ? [] : [{ kind: "text", text }];
}

function isControl(text: string): boolean {
  return text.length === 1 && (text < " " || text === "\u007F");
}
