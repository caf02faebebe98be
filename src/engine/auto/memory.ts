import { learnCost, noCosts, type PassCosts } from "./costs.ts";
import type { Forecast, Look, Sureness, Way } from "./forecast.ts";
import type { BlockOpened, Denoised, EngineEvent } from "../events.ts";
import type { Doubt } from "../settings.ts";

/** What the dial's controller has seen, and what it decided last (see auto.ts). */
export interface AutoState {
  readonly costs: PassCosts;
  /** newest first */
  readonly looks: readonly KeptLook[];
  /** by confidence (see `classOf`): doubt that checked guesses had, and how many were wrong */
  readonly verdicts: readonly { readonly doubt: number; readonly wrong: number }[];
  /** tokens that ways brought, and what was forecast */
  readonly yields: Readonly<Record<string, { readonly tokens: number; readonly forecast: number }>>;
  /** of the tokens placed lately */
  readonly placed: { readonly tokens: number; readonly wrong: number };
  /** the way of the last pass, by name */
  readonly last?: string;
  /** so far: the clock by which looks grow old */
  readonly passes: number;
  /** milliseconds since the last choice */
  readonly elapsed: number;
  /** what trying may cost, in passes of one token at a time */
  readonly credit: number;
  /** when the way in use was last thought over */
  readonly chosen: { readonly at: number; readonly doubt?: Doubt };
  readonly drafts: BlockOpened["drafts"];
  /** what holds for the block or window that comes */
  readonly plan?: Forecast;
  /** the way in use, apart from a try */
  readonly home?: Forecast;
}

/** How sure a pass was of masks in a row: see Look. */
interface KeptLook {
  readonly inOrder: readonly number[];
  readonly atOnce: readonly number[];
  /** the pass, counted from the first */
  readonly at: number;
}

export const freshAuto: AutoState = {
  costs: noCosts,
  looks: [],
  verdicts: Array.from({ length: 7 }, () => ({ doubt: 0, wrong: 0 })),
  yields: {},
  placed: { tokens: 0, wrong: 0 },
  passes: 0,
  elapsed: 0,
  credit: 3,
  chosen: { at: 0 },
  drafts: undefined,
};

/** Takes in what a pass said and took. */
export function learn(state: AutoState, event: EngineEvent): AutoState {
  if (event.type === "block_opened") return { ...state, drafts: event.drafts };
  if (event.type !== "denoised") return state;
  const placed = event.slots.filter(({ unmasked }) => unmasked).length;
  return {
    ...state,
    costs: learnCost(state.costs, event.rows, event.milliseconds),
    looks: withLook(state, event, placed),
    verdicts: withVerdicts(state, event, placed),
    yields: withYield(state, event, placed),
    placed: withDoubt(state, event, placed),
    last: isCopying(event) ? copies : nameOf(event.settings),
    passes: state.passes + 1,
    elapsed: state.elapsed + event.milliseconds,
  };
}

const isWindow = ({ settings }: Denoised) => settings.strategy === "self_speculative";

/** Whether something may have been looked up; while the dial is on, a window of the copies' own (copies.ts). It tells nothing of its way. */
const isCopying = (event: Denoised) => isWindow(event) && event.settings.promptLookup > 0;
/** In the place of a way's name. */
const copies = "copies";

const keptLooks = 48;
/** What a look counts less with every pass: half after 34. */
const fade = 0.98;

/** Masks behind a guess that was wrong looked at another text; those of its hedge did not. */
function withLook({ looks, drafts = [], passes }: AutoState, event: Denoised, placed: number) {
  const checked = isWindow(event) ? drafts.length : 0;
  const stood = !isWindow(event) || placed > checked;
  const behind = stood ? event.slots.slice(checked) : event.slots.slice(placed - 1, placed);
  const hedged = stood ? [] : (event.hedged ?? []);
  const inOrder = [...behind.map((slot) => slot.confidence), ...hedged.map((each) => each.probability)];
  if (inOrder.length < 2) return looks;
  const atOnce = event.alone === undefined ? inOrder : [...inOrder.slice(0, 1), ...event.alone];
  return [{ inOrder, atOnce, at: passes }, ...looks.slice(0, keptLooks - 1)];
}

/** Where one class of confidence ends and the next begins. */
const edges = [0.2, 0.35, 0.5, 0.65, 0.8, 0.95];

function classOf(confidence: number): number {
  let index = 0;
  while (confidence >= (edges[index] ?? Infinity)) index++;
  return index;
}

/** Guesses are checked up to the first that is wrong. What was looked up says nothing of what masks are worth. */
function withVerdicts({ verdicts, drafts = [] }: AutoState, event: Denoised, placed: number) {
  if (!isWindow(event) || drafts.every(({ lookedUp }) => lookedUp)) return verdicts;
  const next = verdicts.map(({ doubt, wrong }) => ({ doubt: doubt * 0.99, wrong: wrong * 0.99 }));
  for (const [index, { probability, lookedUp }] of drafts.slice(0, placed).entries()) {
    const verdict = next[classOf(probability)];
    if (verdict === undefined || lookedUp) continue;
    verdict.doubt += 1 - probability;
    if (index === placed - 1) verdict.wrong += 1;
  }
  return next;
}

/** The chance that a guess is right, one wrong guess as expected having been seen before all others. */
function chanceOf(verdicts: AutoState["verdicts"], confidence: number): number {
  const { doubt, wrong } = verdicts[classOf(confidence)] ?? { doubt: 0, wrong: 0 };
  return Math.max(0, 1 - ((1 - confidence) * (1 + wrong)) / (1 + doubt));
}

export const nameOf = ({ strategy, blockLength }: Way) => `${strategy} ${blockLength}`;

/** What a window brings was guessed by the one before it: it counts only where that was of the same way. */
function withYield({ yields, plan, last }: AutoState, event: Denoised, placed: number) {
  const faded = Object.entries(yields).map(([name, { tokens, forecast }]) => [
    name,
    { tokens: 0.99 * tokens, forecast: 0.99 * forecast },
  ]);
  const next: AutoState["yields"] = Object.fromEntries(faded);
  const name = nameOf(event.settings);
  if (plan === undefined || isCopying(event) || nameOf(plan.way) !== name || name !== last) return next;
  const { tokens, forecast } = next[name] ?? { tokens: 0, forecast: 0 };
  return { ...next, [name]: { tokens: tokens + placed, forecast: forecast + plan.tokens } };
}

function withDoubt({ placed, verdicts }: AutoState, event: Denoised, count: number) {
  const doubts = isWindow(event)
    ? []
    : event.slots.map(({ unmasked, confidence }, index) =>
        unmasked && index > 0 ? 1 - chanceOf(verdicts, confidence) : 0,
      );
  const faded = 0.995 ** count;
  const wrong = doubts.reduce((sum, doubt) => sum + doubt, 0);
  return { tokens: faded * placed.tokens + count, wrong: faded * placed.wrong + wrong };
}

/**
 * The looks, faded, and one that stands for knowing nothing: it counts the more, the less is remembered. What a look
 * does not say of far masks, other looks say in its place, or hope does.
 */
export function looksAt(
  { looks, passes, verdicts }: AutoState,
  most: number,
  unknown: "guessed" | "hoped",
): Look[] {
  const nothing = Array.from({ length: most }, (_, index) => {
    if (unknown === "hoped") return 0.996;
    return index === 0 ? 0.8 : 0.6 * 0.8 ** (index - 1);
  });
  const faded = looks.map(({ at, ...look }) => ({ ...look, weight: fade ** (passes - at) }));
  const all = [...faded, { inOrder: nothing, atOnce: nothing, weight: 0.5 }];
  const filled = (index: number, how: "inOrder" | "atOnce"): Sureness => {
    const confidence = [...(all[index]?.[how] ?? [])];
    if (unknown === "hoped") confidence.push(...nothing.slice(confidence.length));
    for (let next = index + 1; confidence.length < most; next++)
      confidence.push(...(all[next % all.length]?.[how].slice(confidence.length) ?? []));
    return { confidence, chance: confidence.map((value) => chanceOf(verdicts, value)) };
  };
  return all.map(({ weight }, index) => ({
    inOrder: filled(index, "inOrder"),
    atOnce: filled(index, "atOnce"),
    weight,
  }));
}
