import type { EngineEvent } from "../engine/index.ts";

/** How long a picture stays at least, and how far the view may fall behind the engine; milliseconds. */
export interface Pace {
  readonly stay: number;
  readonly lag: number;
}

/** Slow enough for an eye to see slots resolve, never far from what the engine is doing. */
export const visiblePace: Pace = { stay: 50, lag: 2000 };

/** Shows everything as it comes. */
export const immediatePace: Pace = { stay: 0, lag: 0 };

/** So many steps a second, however far behind the engine that is; "live": each when it comes. */
export function paceOf(view: number | "live"): Pace {
  return view === "live" ? immediatePace : { stay: 1000 / view, lag: Infinity };
}

interface Waiting {
  readonly event: EngineEvent;
  readonly arrived: number;
}

/** Events on their way from the engine to the eye, oldest first. */
export interface Pacer {
  readonly waiting: readonly Waiting[];
  /** when the last step was shown */
  readonly shownAt: number;
}

export const emptyPacer: Pacer = { waiting: [], shownAt: -Infinity };

export function enqueue(pacer: Pacer, event: EngineEvent, now: number): Pacer {
  return { ...pacer, waiting: [...pacer.waiting, { event, arrived: now }] };
}

/**
 * When the oldest waiting event is due. A denoising step is a picture: it comes `stay` after the one before it, or
 * `lag` after it arrived, whichever is sooner. Everything else comes with the step before it.
 */
export function nextDue(pacer: Pacer, pace: Pace): number | undefined {
  const first = pacer.waiting[0];
  if (first === undefined) return undefined;
  if (first.event.type !== "denoised" && first.event.type !== "finished") return first.arrived;
  return Math.max(first.arrived, Math.min(pacer.shownAt + pace.stay, first.arrived + pace.lag));
}

/** Lets out what is due at `now`, in order. */
export function release(pacer: Pacer, pace: Pace, now: number): { pacer: Pacer; events: EngineEvent[] } {
  const events: EngineEvent[] = [];
  let { shownAt } = pacer;
  let index = 0;
  for (; index < pacer.waiting.length; index++) {
    const rest: Pacer = { waiting: pacer.waiting.slice(index, index + 1), shownAt };
    const due = nextDue(rest, pace);
    const event = pacer.waiting[index]?.event;
    if (due === undefined || event === undefined || due > now) break;
    if (event.type === "denoised") shownAt = now;
    events.push(event);
  }
  return { pacer: { waiting: pacer.waiting.slice(index), shownAt }, events };
}

/** Lets out everything at once: the view jumps to where the engine is. */
export function releaseAll(pacer: Pacer): { pacer: Pacer; events: EngineEvent[] } {
  return { pacer: emptyPacer, events: pacer.waiting.map((each) => each.event) };
}
