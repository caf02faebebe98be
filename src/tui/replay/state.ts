import type { AnswerSlot } from "../../chat/index.ts";
import type { ReadingOptions } from "../markdown/reading.ts";
import { placedBy, type Moment, type Replay } from "./moments.ts";

/** Steps a second. */
export const speeds = [1, 2, 4, 8, 15, 30, 60, 120] as const;

/** A replay on the screen. */
export interface ReplayState {
  readonly replay: Replay;
  /** index of the step that is shown */
  readonly at: number;
  /** the slot picked by hand, an index into `slotsAt`; absent: the first that the step placed */
  readonly slot?: number;
  /** index into `speeds` */
  readonly speed: number;
  /** playing: when the step that is shown fell due, milliseconds */
  readonly playing?: number;
  /** doubt is coloured */
  readonly heat: boolean;
  /** open slots show the present guess */
  readonly guesses: boolean;
  /** how the text of the answer is read */
  readonly reading: ReadingOptions;
  /** what became of the last key, where the picture does not show it */
  readonly said?: string;
}

/** A replay at the end of the answer, from where one looks back. It must have a step. */
export function openReplay(replay: Replay, reading: ReadingOptions): ReplayState {
  const at = replay.moments.length - 1;
  if (at < 0) throw new Error("there is no step to replay");
  return { replay, at, speed: 3, heat: true, guesses: false, reading };
}

export function momentOf({ replay, at }: ReplayState): Moment {
  const moment = replay.moments[at];
  if (moment === undefined) throw new Error("no such step");
  return moment;
}

/** The slots that can be picked: those behind a stop token are no part of the text. */
export function slotsAt(state: ReplayState): readonly AnswerSlot[] {
  return momentOf(state).block.slots.filter((slot) => slot.kept);
}

/** Index of the slot that is described, into `slotsAt`. */
export function selectedSlot(state: ReplayState): number {
  const slots = slotsAt(state);
  const [placed] = placedBy(momentOf(state).block);
  const wanted = state.slot ?? slots.findIndex((slot) => slot.position === placed?.position);
  return Math.max(0, Math.min(wanted, slots.length - 1));
}

/** Shows another step, the nearest there is. In another block no slot is picked any more. */
export function goTo(state: ReplayState, wanted: number): ReplayState {
  const at = Math.max(0, Math.min(wanted, state.replay.moments.length - 1));
  const { slot: _, ...rest } = state;
  const same = state.replay.moments[at]?.first === momentOf(state).first;
  return same ? { ...state, at } : { ...rest, at };
}

export function pause(state: ReplayState): ReplayState {
  const { playing: _, ...rest } = state;
  return rest;
}

/** Starts or pauses; from the last step it starts over. */
export function playOrPause(state: ReplayState, now: number): ReplayState {
  if (state.playing !== undefined) return pause(state);
  const last = state.at === state.replay.moments.length - 1;
  return { ...(last ? goTo(state, 0) : state), playing: now };
}

/** The steps that fell due by `now`; at the last one the play is over. */
export function tick(state: ReplayState, now: number): ReplayState {
  if (state.playing === undefined) return state;
  const interval = 1000 / stepsPerSecond(state);
  const due = Math.max(0, Math.floor((now - state.playing) / interval));
  const moved = goTo(state, state.at + due);
  if (moved.at === state.replay.moments.length - 1) return pause(moved);
  return { ...moved, playing: state.playing + due * interval };
}

/** When the next step falls due. */
export function nextTick(state: ReplayState): number | undefined {
  return state.playing === undefined ? undefined : state.playing + 1000 / stepsPerSecond(state);
}

export function stepsPerSecond({ speed }: ReplayState): number {
  return speeds[speed] ?? 1;
}
