import { afterAll, expect, test } from "vitest";
import { Session } from "../../src/engine/decoding/session.ts";
import { defaultSettings, openModelGraph, type Candidate } from "../../src/engine/index.ts";
import { decode } from "../golden/decoded.ts";
import { formulaModel, type Formula } from "./formula-model.ts";

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

/** Every guess of this model is right. */
const script = Array.from({ length: 300 }, (_, position) => 3 + (position % 90));
const prompt = script.slice(0, 5);
const wrong = 97;

/** Decodes with the draft `spoiled` of every window put wrong; what was proposed at each pass, and the passes. */
async function decoded(blockContext: Formula["blockContext"], hedgeThreshold: number, spoiled: number) {
  const formula = { vocabulary: 101, script, addsSum: false, ...(blockContext && { blockContext }) };
  const { config, graph } = await openModelGraph(await formulaModel(formula), { device: "cpu", threads: 1 });
  closing.push(async () => await graph.close());
  const proposals: (readonly Candidate[])[] = [];
  const settings = {
    ...defaultSettings(4),
    strategy: "self_speculative",
    draftThreshold: 0,
    lookaheadThreshold: 0,
    hedgeThreshold,
    maxTokens: 20,
  } as const;
  const redraft = (proposed: readonly Candidate[]) => {
    proposals.push(proposed);
    return proposed.map((draft, index) => (index === spoiled ? { ...draft, token: wrong } : draft));
  };
  const result = await decode(new Session(config, graph), { promptIds: prompt, settings, redraft });
  return { ids: result.ids.slice(0, 25), passes: result.steps.length, proposals };
}

const forms = ["block", "causal"] as const;

test.for(forms)(
  "behind a refused draft a hedge proposes what follows the token that took its place (%s)",
  async (form) => {
    for (const spoiled of [0, 1, 2]) {
      const { ids, proposals } = await decoded(form, 0, spoiled);
      expect(ids).toEqual(script.slice(0, 25));
      let known = prompt.length;
      for (const [pass, proposed] of proposals.slice(0, 5).entries()) {
        known += pass === 0 ? 1 : spoiled + 1;
        expect(proposed.map(({ token }) => token)).toEqual(script.slice(known, known + 3));
      }
    }
  },
);

test.for(forms)(
  "without hedges a refused draft leaves nothing to check, and it takes more passes (%s)",
  async (form) => {
    const bare = await decoded(form, 2, 1);
    const hedged = await decoded(form, 0, 1);
    expect(bare.ids).toEqual(hedged.ids);
    expect(bare.proposals.slice(0, 4).map((proposed) => proposed.length)).toEqual([3, 0, 3, 0]);
    expect(bare.passes).toBeGreaterThan(hedged.passes);
  },
);
