/** A level of a list, outermost first. */
export interface ListLevel {
  /** cells before its marker in the source */
  readonly indent: number;
  /** cells that its text is moved in by */
  readonly hang: number;
}

/** A fenced block of code that is open. */
export interface Fence {
  /** the shortest run that closes it: "```" */
  readonly run: string;
  /** spaces before the fence: the lines lose as many */
  readonly indent: number;
  /** quotes that it stands in */
  readonly quotes: number;
  readonly language: string;
  /** the lines so far that the colours of the next may depend on */
  readonly context: string;
}

export type Alignment = "left" | "right" | "center";

export interface Column {
  /** cells of its widest text, of the rows that the widths come from */
  readonly width: number;
  /** cells of its longest word: it gets no narrower */
  readonly least: number;
  readonly align: Alignment;
  readonly title: string;
}

/** What begins a row: of a line's first row, and of those below it. */
export interface Lead {
  readonly first: string;
  readonly others: string;
  readonly heading: 0 | 1 | 2;
}

/**
 * What a reader of Markdown knows at the start of the text that is left: nothing behind it can change what was read
 * before.
 */
export interface Place {
  readonly lists: readonly ListLevel[];
  readonly fence?: Fence;
  /** a table whose widths are fixed */
  readonly table?: readonly Column[];
  /** characters of the line, as it is shown, that have gone out */
  readonly shown: number;
  /** the line began before the text that is left, so far before that its start was let go */
  readonly lead?: Lead;
  /** the same, in code */
  readonly midCode?: boolean;
}

export const startOfText: Place = { lists: [], shown: 0 };
