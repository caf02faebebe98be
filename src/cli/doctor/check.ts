/** One line of the report. */
export interface Check {
  /** what was looked at */
  readonly name: string;
  /** warning: chatting works, with a drawback; problem: it does not work */
  readonly state: "ok" | "warning" | "problem";
  /** what was found */
  readonly text: string;
  /** what to do about it */
  readonly todo?: string;
}

export function ok(name: string, text: string): Check {
  return { name, state: "ok", text };
}

export function warning(name: string, text: string, todo: string): Check {
  return { name, state: "warning", text, todo };
}

export function problem(name: string, text: string, todo?: string): Check {
  return { name, state: "problem", text, ...(todo === undefined ? {} : { todo }) };
}

/** The report for a person. */
export function reportOf(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, state, text, todo }) => [
    `${state.padEnd(8)} ${name.padEnd(width)}  ${text}`,
    ...(todo === undefined ? [] : [`${" ".repeat(10 + width)} ${todo}`]),
  ]);
  return lines.join("\n");
}
