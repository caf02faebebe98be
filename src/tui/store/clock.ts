import { nextDue } from "../pacing.ts";
import { isAnswering, type ChatState } from "./state.ts";

/** When something changes by itself: a step falls due, a sentence has been shown long enough, a second is full. */
export function nextWake(state: ChatState): number | undefined {
  const { answer, notice, now } = state;
  const times = [notice?.until, answer && nextDue(answer.pacer, state.view.pace)];
  const struck = answer?.refusal?.until;
  if (struck !== undefined && struck > now) times.push(struck);
  if (state.tokens === undefined) times.push(nextSecond(state.loadingSince, now));
  if (isAnswering(state) && answer)
    times.push(nextSecond(answer.askedAt, now), nextSecond(answer.heardAt, now));
  const set = times.filter((time) => time !== undefined);
  return set.length === 0 ? undefined : Math.min(...set);
}

function nextSecond(since: number, now: number): number {
  return since + 1000 * (Math.floor((now - since) / 1000) + 1);
}
