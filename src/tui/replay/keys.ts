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

/** Keys of the replay that do the same thing. The row at its foot and the documentation print `shown` and `help`. */
interface ReplayBinding {
  readonly keys: readonly string[];
  readonly shown: string;
  /** where the terminal has only ASCII */
  readonly plain?: string;
  /** in a word or two */
  readonly help: string;
  readonly run: (state: ReplayState, now: number) => Pressed;
}

/**
 * The replay after a key, or what its screen must do. "leave": back to where it was opened from; "write": put it into
 * a file; "suspend": give the terminal to the shell.
 */
export type Pressed = ReplayState | "leave" | "write" | "suspend";

/** In the order in which they are listed; where a row is too narrow for all, the last go first. */
export const replayBindings: readonly ReplayBinding[] = [
  bind(["left"], "←→", "step", (state) => goTo(pause(state), state.at - 1), "left/right"),
  bind(["right"], "", "", (state) => goTo(pause(state), state.at + 1)),
  bind(["["], "[ ]", "block", (state) => goTo(pause(state), blockBefore(state))),
  bind(["]"], "", "", (state) => goTo(pause(state), blockAfter(state))),
  bind([" "], "space", "play", playOrPause),
  bind(["up"], "↑↓", "slot", (state) => pick(state, -1), "up/down"),
  bind(["down"], "", "", (state) => pick(state, 1)),
  bind(["h"], "h", "heat", (state) => ({ ...state, heat: !state.heat })),
  bind(["m"], "m", "guesses", (state) => ({ ...state, guesses: !state.guesses })),
  bind(["w"], "w", "write", () => "write"),
  bind(["+", "="], "+-", "speed", (state, now) => faster(state, 1, now)),
  bind(["-"], "", "", (state, now) => faster(state, -1, now)),
  bind(["g", "home"], "g G", "ends", (state) => goTo(pause(state), 0)),
  bind(["G", "end"], "", "", (state) => goTo(pause(state), Infinity)),
  bind(["esc", "q", "ctrl+c", "ctrl+d", "ctrl+o"], "esc", "back", () => "leave"),
  bind(["ctrl+z"], "^Z", "suspend", () => "suspend"),
];

function bind(
  keys: readonly string[],
  shown: string,
  help: string,
  run: ReplayBinding["run"],
  plain?: string,
): ReplayBinding {
  return { keys, shown, help, run, ...(plain === undefined ? {} : { plain }) };
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
