import type { DecodingSettings } from "../../engine/index.ts";
import { untrained, type Untrained } from "../knobs/trained.ts";
import { settingsInForce } from "../store/knobs.ts";
import { isAnswering, type ChatState } from "../store/state.ts";
import type { Glyphs } from "./glyphs.ts";
import { clip } from "../text/graphemes.ts";
import { sanitizeRow } from "../text/sanitize.ts";
import { piece, type Row } from "../text/row.ts";
import { fitSegments, segment, type Segment } from "./segments.ts";
import { boundText, pendingText, rateText, strategyName } from "./settings-words.ts";

/**
 * The one row under the prompt: the knobs, what they yield, how full the context is. Kept short, for a terminal that
 * is made narrower wraps long rows before the program hears of it.
 */
export function statusRow(state: ChatState, width: number, glyphs: Glyphs): Row {
  const inForce = isAnswering(state) ? settingsInForce(state) : state.settings;
  // What is decoded beside the conversation has settings of its own; the knobs do not come to it.
  const wanted = state.answer?.aside === undefined ? state : { ...state, settings: inForce };
  const segments = [
    ...(wanted.settings.doubt === "off"
      ? knobSegments(inForce, wanted, glyphs)
      : dialSegments(wanted, glyphs)),
    ...rateSegments(state),
    contextSegment(state),
    modelSegment(state, glyphs),
  ];
  return fitSegments(segments, width);
}

function knobSegments(
  inForce: DecodingSettings,
  { settings: wanted, model }: ChatState,
  glyphs: Glyphs,
): Segment[] {
  const odd = (settings: DecodingSettings, key: Untrained["key"]) =>
    untrained(settings, model).some((each) => each.key === key) ? glyphs.odd : "";
  const knob = (rank: number, of: (settings: DecodingSettings) => string): Segment => {
    const text = pendingText(of(inForce), of(wanted), glyphs);
    if (text === "") return segment(rank);
    return segment(rank, piece(text, of(inForce) === of(wanted) ? "dim" : "pending"));
  };
  return [
    knob(2, (settings) => strategyName(settings.strategy) + odd(settings, "strategy")),
    knob(0, (settings) => boundText(settings, glyphs)),
    knob(0, (settings) => `B${settings.blockLength}${odd(settings, "blockLength")}`),
    knob(6, (settings) => (settings.temperature > 0 ? `T${settings.temperature}` : "")),
  ];
}

/** The dial, and what it has set: of the last pass, once there was one. */
function dialSegments(state: ChatState, glyphs: Glyphs): Segment[] {
  const { settings: wanted, answer } = state;
  const inForce = settingsInForce(state);
  const isPending = isAnswering(state) && inForce.doubt !== wanted.doubt;
  const dial = segment(0, piece(`auto ${wanted.doubt}`, isPending ? "pending" : "dim"));
  if (answer === undefined || inForce.doubt === "off") return [dial];
  return [
    dial,
    segment(2, piece(strategyName(inForce.strategy), "dim")),
    ...(inForce.blockLength > 1 ? [segment(4, piece(boundText(inForce, glyphs), "dim"))] : []),
    segment(0, piece(`B${inForce.blockLength}`, "dim")),
    ...(wanted.temperature > 0 ? [segment(6, piece(`T${wanted.temperature}`, "dim"))] : []),
  ];
}

function rateSegments({ answer }: ChatState): Segment[] {
  if (answer === undefined || answer.engine.rates.passes === 0) return [];
  const { rates, prompt } = answer.engine;
  return [
    segment(1, piece(`${rateText(rates.tokensPerSecond)} tok/s`, "dim")),
    segment(3, piece(`${rateText(rates.tokensPerPass)}/pass`, "dim")),
    segment(5, piece(`${rates.passes} passes`, "dim")),
    ...(prompt === undefined ? [] : [segment(6, piece(`${prompt.reused}/${prompt.tokens} cached`, "dim"))]),
  ];
}

/** The model that answers, where the first line of the page names another. */
function modelSegment({ model, firstModel }: ChatState, { ellipsis }: Glyphs): Segment {
  if (model.name === firstModel) return segment(7);
  return segment(7, piece(clip(sanitizeRow(model.name), 24, ellipsis), "dim"));
}

/** What the conversation fills of the context, the answer so far included once its prompt was read. */
function contextSegment({ context, answer }: ChatState): Segment {
  if (context.limit === 0) return segment(4);
  const decoding = answer?.running === true ? answer.engine : undefined;
  const prompt = decoding?.prompt?.tokens;
  const tokens = prompt === undefined ? context.tokens : prompt + (decoding?.rates.tokens ?? 0);
  const share = tokens / context.limit;
  const percent = tokens > 0 && share < 0.01 ? "<1" : (100 * share).toFixed(0);
  return segment(4, piece(`ctx ${percent}%`, share >= 0.9 ? "warning" : "dim"));
}
