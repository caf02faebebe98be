type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of terminals that break rows anew. */
const own = [
  "TMUX",
  "VTE_VERSION",
  "KITTY_WINDOW_ID",
  "ALACRITTY_WINDOW_ID",
  "KONSOLE_VERSION",
  "WEZTERM_PANE",
  "WT_SESSION",
];
/** What $TERM says of them, over ssh too. */
const kinds = /^(?:tmux|xterm-kitty|xterm-ghostty|alacritty|foot|wezterm)/;
const programs = /^(?:iTerm\.app|Apple_Terminal|vscode|WezTerm|ghostty|tmux)$/;

/**
 * Whether the terminal is known to break rows anew that a narrower window has no room for. Others cut them (xterm, st,
 * PuTTY, mosh). One that does not say what it is counts as one of these: a stale row is better than a lost one.
 */
export function breaksRows(environment: Environment): boolean {
  return (
    own.some((name) => environment[name]) ||
    kinds.test(environment["TERM"] ?? "") ||
    programs.test(environment["TERM_PROGRAM"] ?? "")
  );
}
