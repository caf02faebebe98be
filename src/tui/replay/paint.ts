import type { Glyphs } from "../paint/glyphs.ts";
import type { Picture, Size } from "../paint/paint.ts";
import { fitSegments, segment } from "../paint/segments.ts";
import { boundText, strategyName } from "../paint/settings-words.ts";
import { cells, clip } from "../text/graphemes.ts";
import { clipRow, piece, rowWidth, type Piece, type Row } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";
import { replayBindings } from "./keys.ts";
import { blockIndex, placedBy } from "./moments.ts";
import { slotRows } from "./slot-rows.ts";
import { momentOf, slotsAt, stepsPerSecond, type ReplayState } from "./state.ts";
import { textRows } from "./text-rows.ts";
import { trackRows } from "./track.ts";
import { isForced } from "./words.ts";

/** Rows that the text keeps before the slots get one each. */
const leastText = 6;

/**
 * Draws the replay on the whole of a terminal but its last row, which stays free for the cursor. Pure. The text and
 * the picked slot come first; where the window is low the knobs go first, then what the step did, keys and track.
 */
export function paintReplay(state: ReplayState, { columns, rows }: Size, glyphs: Glyphs): Picture {
  const width = Math.max(1, columns - 2);
  const height = Math.max(1, rows - 1);
  if (columns < 20 || height < 4) return { rows: [[piece(clip("too small", columns, ""))]] };
  const foot = footRows(state, width, height - 3, glyphs);
  const free = height - 1 - foot.length;
  const gaps = free >= 12 ? 2 : 0;
  const count = slotsAt(state).length;
  const slots = slotRows(state, width, free - gaps - count >= leastText ? count : 1, glyphs);
  const text = textRows(state, width, Math.max(1, free - gaps - slots.length), glyphs);
  const blank = Array.from({ length: free - slots.length - text.length - gaps / 2 }, (): Row => []);
  const all = [
    headRow(state, width, glyphs),
    ...(gaps > 0 ? [[]] : []),
    ...text,
    ...blank,
    ...slots,
    ...foot,
  ];
  return { rows: all.map((row) => clipRow(row, width)) };
}

/** What stands under the slots, as much as has room. */
function footRows(state: ReplayState, width: number, room: number, glyphs: Glyphs): Row[] {
  const track = trackRows(state, width, glyphs);
  if (room < 3) return [];
  if (room < 5) return track;
  const keys = state.said === undefined ? keyRow(width, glyphs) : saidRow(state.said, width, glyphs);
  if (room < 6) return [...track, keys];
  const step = stepRow(state, width);
  return room < 7 ? [step, ...track, keys] : [step, knobRow(state, width, glyphs), ...track, keys];
}

function headRow(state: ReplayState, width: number, glyphs: Glyphs): Row {
  const { replay, at } = state;
  const { title, number, of, moments, blocks } = replay;
  const playing = state.playing !== undefined;
  const row = fitSegments(
    [
      segment(1, piece("replay", "strong")),
      segment(4, ...(of > 1 ? [piece(`answer ${number} of ${of}`, "dim")] : [])),
      segment(0, piece(`step ${at + 1} of ${moments.length}`)),
      // Of steps that are blocks of their own, one count says it all.
      segment(
        2,
        ...(blocks.length < moments.length
          ? [piece(`block ${blockIndex(replay, at) + 1} of ${blocks.length}`)]
          : []),
      ),
      segment(3, piece(`${playing ? "playing " : ""}${stepsPerSecond(state)}/s`, playing ? "strong" : "dim")),
    ],
    width,
  );
  const asked = `"${sanitize(title).replaceAll(/\s+/g, " ").trim()}"`;
  const room = width - rowWidth(row) - 2;
  return room < 12 ? row : [...row, piece(`  ${clip(asked, room, glyphs.ellipsis)}`, "dim")];
}

/** What the step did and what it cost. */
function stepRow(state: ReplayState, width: number): Row {
  const { placed, open, milliseconds, rows, elapsed } = momentOf(state);
  return fitSegments(
    [
      segment(0, piece(`this step set ${placed} of ${open} open`)),
      segment(1, ...effectPieces(state)),
      segment(2, piece(`${milliseconds.toFixed(1)} ms`, "dim")),
      segment(4, piece(`${rows} rows`, "dim")),
      segment(3, piece(`at ${(elapsed / 1000).toFixed(2)} s`, "dim")),
    ],
    width,
  );
}

/** How the strategy's own rule fared: tokens set without passing it, or guesses that stood. */
function effectPieces(state: ReplayState): Piece[] {
  const { block, settings } = momentOf(state);
  const placed = placedBy(block);
  if (settings.strategy === "self_speculative") {
    const guesses = block.slots.filter(({ draft }) => draft !== undefined).length;
    const stood = placed.filter(({ draft }) => draft?.refused === false).length;
    return guesses === 0 ? [] : [piece(`guesses that stood: ${stood} of ${guesses}`, "dim")];
  }
  if (settings.strategy !== "low_confidence_dynamic" && settings.strategy !== "entropy_bounded") return [];
  const forced = placed.filter((slot) => isForced(slot, settings)).length;
  return [piece(`forced: ${forced}`, forced > 0 ? "warning" : "dim")];
}

/** The knobs in force; one that was turned since the step before stands out. */
function knobRow(state: ReplayState, width: number, glyphs: Glyphs): Row {
  const { settings } = momentOf(state);
  const before = state.replay.moments[state.at - 1]?.settings ?? settings;
  const texts = [settings, before].map((each) => [
    strategyName(each.strategy),
    boundText(each, glyphs),
    `B${each.blockLength}`,
    each.denoisingSteps === "block_length" ? "" : `${each.denoisingSteps} steps`,
    `T${each.temperature}`,
    each.temperature > 0 && each.topK > 0 ? `top-k ${each.topK}` : "",
    each.temperature > 0 && each.topP < 1 ? `top-p ${each.topP}` : "",
    `seed ${each.seed}`,
  ]);
  const [now = [], then = []] = texts;
  const knobs = now.map((text, index) =>
    segment(index, ...(text === "" ? [] : [piece(text, text === then[index] ? "dim" : "pending")])),
  );
  return fitSegments([segment(0, piece("knobs then:", "dim")), ...knobs], width);
}

/** In place of the keys, until the next of them. */
function saidRow(said: string, width: number, glyphs: Glyphs): Row {
  return [piece(clip(sanitize(said), width, glyphs.ellipsis), "strong")];
}

function keyRow(width: number, glyphs: Glyphs): Row {
  const plain = glyphs.up === "^";
  const rows = replayBindings.filter(({ shown }) => shown !== "");
  const segments = rows.map(({ shown, plain: words, help }, index) =>
    segment(help === "back" ? 0 : index + 1, piece(`${plain ? (words ?? shown) : shown} ${help}`, "dim")),
  );
  return fitSegments(segments, Math.max(width, cells("esc back")));
}
