export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The size of a terminal. One that does not know it says 0 or nothing (a serial line, a session without a window): it
 * is taken to have the size that terminals had before they could say it.
 */
export function sizeOf({ columns, rows }: Partial<TerminalSize>): TerminalSize {
  return { columns: columns || 80, rows: rows || 24 };
}
