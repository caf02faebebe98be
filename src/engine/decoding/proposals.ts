import type { Draft } from "../events.ts";
import { chanceUnseen, follow, lookUp, oddsOf, type Found, type Told } from "./prompt-lookup.ts";
import type { Reading } from "./readings.ts";
import type { DecodingSettings } from "../settings.ts";

type Guess = Pick<Reading, "token" | "confidence" | "runnersUp">;

/** What proposals depend on besides the text. */
export interface Proposing extends Pick<DecodingSettings, "draftThreshold" | "promptLookup"> {
  /** behind one of these nothing is looked up: what follows is another message */
  readonly stopTokenIds: readonly number[];
}

/**
 * The next drafts, from the left, as long as all of them are right with a chance above the threshold: what the masks behind the
 * last token guess, and what followed where the text ran so before.
 * @param guesses of the positions behind the text; each stands behind those before it
 */
export function proposeDrafts(
  guesses: readonly Guess[],
  { ids, from }: Told,
  { draftThreshold, promptLookup, stopTokenIds }: Proposing,
): Draft[] {
  const text = { ids: [...ids], from };
  const drafts: Draft[] = [];
  let found = promptLookup > 0 ? lookUp(text) : undefined;
  let [chance, areGuessed] = [1, true];
  for (;;) {
    const guess = areGuessed ? guesses[drafts.length] : undefined;
    const draft = likeliest(guess, found);
    chance *= draft?.probability ?? 0;
    if (draft === undefined || chance <= draftThreshold) return drafts;
    drafts.push(draft);
    text.ids.push(draft.token);
    areGuessed = draft.token === guess?.token;
    const isOver = drafts.length >= promptLookup || stopTokenIds.includes(draft.token);
    found = isOver ? undefined : draft.token === found?.token ? follow(found, text) : lookUp(text);
  }
}

/** Of what a mask guesses and what was found, each as likely as the other makes it. */
function likeliest(guess: Guess | undefined, found: Found | undefined): Draft | undefined {
  const guessed = guess && { token: guess.token, probability: guess.confidence };
  if (found === undefined) return guessed;
  const { token } = found;
  const before = guess === undefined ? chanceUnseen : chanceIn(guess, token);
  // Bayes: the odds of what was found grow, and all else shares what is left as before.
  const total = 1 - before + before * oddsOf(found);
  const copied = { token, probability: (before * oddsOf(found)) / total, lookedUp: true } as const;
  if (guessed === undefined || guessed.token === token) return copied;
  const rest = { ...guessed, probability: guessed.probability / total, lookedUp: true } as const;
  return copied.probability > rest.probability ? copied : rest;
}

/** What a mask gives a token; at most what it gives the last of those it names, if it does not name it. */
function chanceIn({ token, confidence, runnersUp }: Guess, wanted: number): number {
  const named = [{ token, probability: confidence }, ...runnersUp];
  const found = named.find((each) => each.token === wanted);
  if (found !== undefined) return found.probability;
  const left = 1 - named.reduce((sum, { probability }) => sum + probability, 0);
  return Math.max(0, Math.min(left, named.at(-1)?.probability ?? 0));
}
