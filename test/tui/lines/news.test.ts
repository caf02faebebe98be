import { expect, test } from "vitest";
import { sideTyped } from "../../../src/chat/index.ts";
import { News } from "../../../src/tui/lines/news.ts";
import { submit } from "../../../src/tui/store/sending.ts";
import { happen, type Happening } from "../../../src/tui/store/update.ts";
import { eventsOf, openChat, settingsFor, tokensOf } from "../answers.ts";

const script = { texts: ["a", "b"], blockLength: 4, order: [0], confidence: [1] };
const idle = openChat(tokensOf(script.texts));
const decoded = eventsOf(script).map((event): Happening => ({ type: "event", event }));
const side = (name: string): Happening => ({ type: "side", side: sideTyped(name), settings: settingsFor(4) });

test("what the engine does is told once for an answer, and once for both that are compared", () => {
  const news = new News(idle);
  let state = submit(idle, "hello").state;
  const told = [...news.of(state).doing];
  const play = (...happenings: readonly Happening[]) => {
    for (const happening of happenings) {
      ({ state } = happen(state, happening, state.now + 1));
      told.push(...news.of(state).doing);
    }
  };
  const stopped = decoded.map((each): Happening =>
    each.type === "event" && each.event.type === "finished"
      ? { type: "event", event: { ...each.event, reason: "aborted" } }
      : each,
  );
  play(...stopped, { type: "ended", text: "hello" });
  expect(told).toEqual(["answering", "stopped"]);
  play(side("careful"), ...decoded, side("fast"), ...decoded);
  play({ type: "compared", comparison: { question: "hello", answers: [] } }, { type: "tick" });
  expect(told).toEqual(["answering", "stopped", "answering"]);
});
