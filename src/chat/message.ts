/** A stretch of a message that nobody typed, as UTF-16 indexes of it: what was pasted, or the text of a file. */
export interface Insert {
  readonly kind: "paste" | "file";
  readonly start: number;
  readonly end: number;
}

/** A message as the model gets it. Inserts are ascending and apart. */
export interface Message {
  readonly text: string;
  readonly inserts: readonly Insert[];
}

export function plainMessage(text: string): Message {
  return { text, inserts: [] };
}

/** The message of a turn. */
export function messageOfTurn({
  user,
  inserts = [],
}: {
  readonly user: string;
  readonly inserts?: readonly Insert[];
}): Message {
  return { text: user, inserts };
}

/** The message with each insert replaced; `put` is given its text. */
export function withoutInserts(
  { text, inserts }: Message,
  put: (inserted: string, kind: Insert["kind"]) => string,
): string {
  let shown = "";
  let at = 0;
  for (const { kind, start, end } of inserts) {
    shown += text.slice(at, start) + put(text.slice(start, end), kind);
    at = end;
  }
  return shown + text.slice(at);
}
