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

/** Keys that only kitty's protocol tells apart, by what other terminals make of them. */
const aliases: Readonly<Record<string, string>> = {
  "shift+backspace": "backspace",
  "ctrl+backspace": "backspace",
  "ctrl+h": "backspace",
  "shift+delete": "delete",
  "shift+esc": "esc",
  "ctrl+[": "esc",
  "ctrl+i": "tab",
  "ctrl+m": "enter",
  "ctrl+/": "ctrl+_",
};

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
  // Two Escs that were read together look like Alt-Esc.
  if (special === "esc" && key.meta) return [keyStroke("esc"), keyStroke("esc")];
  if (special !== undefined) return [keyStroke(withModifiers(special, key))];
  // The desktop's own keys: the letter was not typed.
  if (key.super || key.hyper) return [];
  if (key.ctrl || key.meta) return input === "" ? [] : [keyStroke(withModifiers(input.toLowerCase(), key))];
  return input.length > 1 || isControl(input) ? strokesInChunk(input) : textStroke(input);
}

function keyStroke(name: string): Stroke {
  return { kind: "key", name: aliases[name] ?? name };
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
  return sends ? [...strokes, keyStroke("enter")] : strokes;
}

function strokesInPart(part: string): Stroke[] {
  if (!isControl(part)) return textStroke(part);
  if (part === "\r" || part === "\n") return [keyStroke("ctrl+j")];
  if (part === "\t") return [keyStroke("tab")];
  return [keyStroke(`ctrl+${String.fromCodePoint(part.charCodeAt(0) + 64).toLowerCase()}`)];
}

function textStroke(text: string): Stroke[] {
  return text === "" ? [] : [{ kind: "text", text }];
}

function isControl(text: string): boolean {
  return text.length === 1 && (text < " " || text === "\u007F");
}
