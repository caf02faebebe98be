import {
  momentOf,
  goTo,
  pause,
  playOrPause,
  selectedSlot,
  slotsAt,
  speeds,
  type ReplayState,
} from "./state.ts";

/** Keys of the replay that do the same thing. The row at its foot prints `shown` and `help`, the documentation `about`. */
interface ReplayBinding {
  readonly keys: readonly string[];
  readonly shown: string;
  /** where the terminal has only ASCII */
  readonly plain?: string;
  /** in a word or two */
  readonly help: string;
  readonly about: string;
  readonly run: (state: ReplayState, now: number) => Pressed;
}

/**
 * The replay after a key, or what its screen must do. "leave": back to where it was opened from; "write": put it into
 * a file; "suspend": give the terminal to the shell.
 */
export type Pressed = ReplayState | "leave" | "write" | "suspend";

/** In the order in which they are listed; where a row is too narrow for all, the last go first. */
export const replayBindings: readonly ReplayBinding[] = [
  {
    ...shown("←→", "step", "one denoising step back or forth"),
    plain: "left/right",
    ...does(["left"], (state) => goTo(pause(state), state.at - 1)),
  },
  also(["right"], (state) => goTo(pause(state), state.at + 1)),
  {
    ...shown("[ ]", "block", "to the start of the block, or of the next one"),
    ...does(["["], (state) => goTo(pause(state), blockBefore(state))),
  },
  also(["]"], (state) => goTo(pause(state), blockAfter(state))),
  {
    ...shown("space", "play", "play, or pause; at the end: from the beginning"),
    ...does([" "], playOrPause),
  },
  {
    ...shown("↑↓", "slot", "pick another slot of the block"),
    plain: "up/down",
    ...does(["up"], (state) => pick(state, -1)),
  },
  also(["down"], (state) => pick(state, 1)),
  {
    ...shown("h", "heat", "colours of doubt on or off"),
    ...does(["h"], (state) => ({ ...state, heat: !state.heat })),
  },
  {
    ...shown("m", "guesses", "show masks, or what the model would have put there"),
    ...does(["m"], (state) => ({ ...state, guesses: !state.guesses })),
  },
  {
    ...shown("w", "write", "write the whole replay into a file, as asciinema plays it"),
    ...does(["w"], () => "write"),
  },
  {
    ...shown("+-", "speed", "play faster or slower: 1 to 120 steps a second"),
    ...does(["+", "="], (state, now) => faster(state, 1, now)),
  },
  also(["-"], (state, now) => faster(state, -1, now)),
  {
    ...shown("g G", "ends", "to the first or the last step"),
    ...does(["g", "home"], (state) => goTo(pause(state), 0)),
  },
  also(["G", "end"], (state) => goTo(pause(state), Infinity)),
  {
    ...shown("esc", "back", "back to the chat; also q, Ctrl-C, Ctrl-D, Ctrl-O"),
    ...does(["esc", "q", "ctrl+c", "ctrl+d", "ctrl+o"], () => "leave"),
  },
  { ...shown("^Z", "suspend", "suspend; fg comes back"), ...does(["ctrl+z"], () => "suspend") },
];

type Run = ReplayBinding["run"];

function shown(keys: string, help: string, about: string) {
  return { shown: keys, help, about };
}

function does(keys: readonly string[], run: Run) {
  return { keys, run };
}

/** Keys that the row before has named already. */
function also(keys: readonly string[], run: Run): ReplayBinding {
  return { ...shown("", "", ""), ...does(keys, run) };
}

/** What a key does to the replay; a key that is for nothing leaves it as it is. */
export function pressReplay(state: ReplayState, name: string, now: number): Pressed {
  return replayBindings.find(({ keys }) => keys.includes(name))?.run(state, now) ?? state;
}

/** The start of this block, from there the start of the one before. */
function blockBefore(state: ReplayState): number {
  const { first } = momentOf(state);
  return state.at > first ? first : (state.replay.moments[first - 1]?.first ?? 0);
}

function blockAfter({ replay, at }: ReplayState): number {
  const { moments } = replay;
  const next = moments.findIndex(({ first }, index) => index > at && first === index);
  return next === -1 ? moments.length - 1 : next;
}

/** The time that the shown step has had already counts at the new speed as if it had just begun. */
function faster(state: ReplayState, by: number, now: number): ReplayState {
  const speed = Math.max(0, Math.min(speeds.length - 1, state.speed + by));
  return { ...state, speed, ...(state.playing === undefined ? {} : { playing: now }) };
}

function pick(state: ReplayState, by: number): ReplayState {
  const last = Math.max(0, slotsAt(state).length - 1);
  return { ...pause(state), slot: Math.max(0, Math.min(last, selectedSlot(state) + by)) };
}
