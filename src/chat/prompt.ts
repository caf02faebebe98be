import type { ChatText, Tokenizer } from "../model/index.ts";

/** A prompt as the engine takes it. */
export interface Prompt {
  readonly ids: readonly number[];
  /** block ends of its decoded parts, ascending (GenerateRequest.borders) */
  readonly borders: readonly number[];
}

/** The last answered prompt: its text and ids, and those of the reply. */
export interface Answered {
  readonly promptText: ChatText;
  readonly promptIds: readonly number[];
  readonly replyText: ChatText;
  readonly replyIds: readonly number[];
  readonly borders: readonly number[];
}

/**
 * Ids of a rendered conversation. What the model has seen keeps its ids and borders as far as the template still
 * renders it alike: text encoded again need not give the ids that were decoded, and then the cache is lost.
 * Templates that rewrite past turns (Qwen3's takes their <think> out) are followed: from there on ids are new.
 */
export function buildPrompt(rendered: ChatText, before: Answered | undefined, tokens: Tokenizer): Prompt {
  const text = rendered.guarded;
  if (before === undefined || !text.startsWith(before.promptText.guarded)) {
    return { ids: tokens.encodeChat(rendered), borders: [] };
  }
  const afterPrompt = text.slice(before.promptText.guarded.length);
  const isSame = afterPrompt.startsWith(before.replyText.guarded);
  const rest = tokens.encodeChat({
    guarded: isSame ? afterPrompt.slice(before.replyText.guarded.length) : afterPrompt,
  });
  const kept = [...before.promptIds, ...(isSame ? withoutStop(before.replyIds, tokens) : [])];
  return { ids: [...kept, ...rest], borders: before.borders.filter((border) => border <= kept.length) };
}

/** The stop token is not text: the template writes its own end of a turn, most often the same token. */
function withoutStop(ids: readonly number[], tokens: Tokenizer): readonly number[] {
  const last = ids.at(-1);
  return last !== undefined && tokens.isStop(last) ? ids.slice(0, -1) : ids;
}
