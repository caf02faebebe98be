/** A row of a list. */
export interface Choice {
  readonly label: string;
  readonly detail: string;
  /** comes into the prompt in place of what was typed for it */
  readonly text: string;
  /**
   * what Enter does with it: runs the prompt; leaves it there to be gone on with; or the same, unless it was typed in
   * full already: then Enter means the prompt
   */
  readonly onEnter: "run" | "more" | "stay";
}

/** What can stand at the cursor: what was typed has filtered and ordered it. */
export interface Choices {
  readonly items: readonly Choice[];
  /** picked before anyone has moved; none: what was typed counts as it is */
  readonly picked: "first" | "last" | "none";
  /** a row above the items, shown also where there are none */
  readonly title?: string;
  /** numbers that mean something else tomorrow: a taken one is no part of the history */
  readonly passing?: true;
}
