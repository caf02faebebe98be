import { UserError } from "../../errors.ts";
import type { TokenText } from "../../model/index.ts";
import { replayOf, type Recorded, type Replay } from "./moments.ts";

/**
 * The replay of one answer of a conversation.
 * @param wanted its number, counted from 1; default: the last one that has a step
 * @throws UserError usage: there is no such answer, or nothing of it was decoded
 */
export function chooseReplay(
  turns: readonly Recorded[],
  wanted: number | undefined,
  tokens: TokenText,
): Replay {
  const index = wanted === undefined ? turns.findLastIndex(hasStep) : wanted - 1;
  const turn = turns[index];
  if (turn !== undefined && hasStep(turn)) return replayOf(turns, index, tokens);
  if (wanted === undefined) throw new UserError("usage", "There is no answer to replay yet.");
  if (turn !== undefined)
    throw new UserError(
      "usage",
      `Answer ${wanted} has no steps: nothing of it was decoded, or another model did.`,
    );
  const count = turns.length === 1 ? "one answer" : `${turns.length} answers`;
  throw new UserError("usage", `There is no answer ${wanted}: the conversation has ${count}.`);
}

function hasStep({ events }: Recorded): boolean {
  return events.some((event) => event.type === "denoised");
}
