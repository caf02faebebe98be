import { waitingAnswer, type Comparison, type Side } from "../../chat/index.ts";
import { decodingKnobs, type DecodingSettings } from "../../engine/index.ts";
import type { UserError } from "../../errors.ts";
import { endAnswer, showAll } from "../store/answer.ts";
import { noteOn, sayOn } from "../store/notices.ts";
import { freshAnswer, ownAnswer } from "../store/shown-answer.ts";
import { withQueueInPrompt } from "../store/sending.ts";
import { withoutMove, type ChatState } from "../store/state.ts";
import { emptyFlow } from "../text/flow.ts";
import { piece } from "../text/row.ts";
import { comparisonLines } from "./lines.ts";

/** Opens the answer of a side on the page, beside the conversation. The last answer is kept for afterwards. */
export function beginSide(state: ChatState, { name, change }: Side, settings: DecodingSettings): ChatState {
  const before = ownAnswer(state.answer);
  const shown = showAll(state);
  const knobs = decodingKnobs.filter(({ key }) => change[key] !== undefined);
  const values = knobs.map((knob) => `${knob.name} ${change[knob.key]}`).join(", ");
  const noted = noteOn(shown, [
    { lead: [piece(`${name}  `, "strong")], text: [piece(values || "as the knobs stand", "dim")] },
  ]);
  return {
    ...noted,
    page: [...noted.page, { kind: "answer", flow: emptyFlow, open: true }],
    answer: { ...freshAnswer(waitingAnswer(settings), state.now), aside: { before } },
  };
}

/** Both sides have answered, or were stopped: the last answer of the conversation is the last one again. */
export function endComparison(state: ChatState, comparison: Comparison): ChatState {
  return noteOn(withoutAside(endAnswer(showAll(withoutMove(state)), false)), comparisonLines(comparison));
}

/** It could not go on; what was queued behind it goes back to the prompt. */
export function failComparison(state: ChatState, problem: UserError): ChatState {
  const still = withQueueInPrompt(withoutMove(state));
  const ended = still.answer?.aside === undefined ? still : withoutAside(endAnswer(showAll(still), true));
  const said = sayOn(ended, problem.message, "error");
  return problem.kind === "engine" ? { ...said, uncached: said.turns } : said;
}

function withoutAside(state: ChatState): ChatState {
  const { answer, ...rest } = state;
  if (answer?.aside === undefined) return state;
  const { before } = answer.aside;
  return before === undefined ? rest : { ...rest, answer: before };
}
