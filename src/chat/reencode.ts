import type { Tokenizer } from "../model/index.ts";
import { promptFor } from "./history.ts";
import type { Turn } from "./turns.ts";

/**
 * Turns as another model takes them: ids mean nothing to it, so that their text is encoded anew, and cut into blocks
 * anew. How the answers were decoded is not known of these ids.
 */
export function reencode(turns: readonly Turn[], system: string | undefined, tokenizer: Tokenizer): Turn[] {
  const done: Turn[] = [];
  for (const { user, inserts, reply } of turns) {
    const prompt = promptFor({ system, turns: done }, user, tokenizer, Infinity);
    const text = tokenizer.contentText({ role: "assistant", content: reply.content });
    const ids = reply.ids.length === 0 ? [] : tokenizer.encodeChat(text);
    const inserted = inserts === undefined ? {} : { inserts };
    done.push({
      user,
      ...inserted,
      promptIds: prompt.ids,
      reply: { ...reply, ids, borders: prompt.borders },
      events: [],
    });
  }
  return done;
}
