import { readFile } from "node:fs/promises";
import path from "node:path";
import { messageOf, UserError } from "../errors.ts";
import { type ChatText, guardText, splitChatText } from "./chat-text.ts";
import { forbidTelemetry } from "../no-telemetry.ts";
import type { ModelConfig } from "./config.ts";
import { ByteLevelText, type TokenText } from "./token-text.ts";
import { readVocabulary, type Vocabulary } from "./vocabulary.ts";

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** Text to token ids and back. */
export interface Tokenizer extends TokenText {
  /** Ids of plain text: what looks like a special token in it is text. Lone surrogates become U+FFFD. */
  encode(text: string): number[];
  /**
   * The model's chat template over the messages.
   * @throws UserError usage: the template refuses them, with its reason
   */
  renderChat(messages: readonly ChatMessage[], options: { readonly addGenerationPrompt: boolean }): ChatText;
  /** A message's content as `renderChat` puts it in. */
  contentText(message: ChatMessage): ChatText;
  /** Ids of rendered text: the template's special tokens are special, those in messages are not. */
  encodeChat(text: ChatText): number[];
}

/** The files of a model folder that text needs, and the ids that its configuration names. */
export interface TokenizerFolder {
  readonly path: string;
  readonly config: Pick<ModelConfig, "maskTokenId" | "stopTokenIds">;
}

/** Turns text into ids and templates into text; the two things that transformers does for this program. */
interface Encoder {
  encode(text: string, options: { add_special_tokens: boolean }): number[];
  apply_chat_template(messages: object[], options: object): unknown;
}

/**
 * Opens the tokenizer of a model folder, offline.
 * @throws UserError model-invalid: a file is missing or no byte-level BPE, or there is no chat template
 */
export async function openTokenizer(folder: TokenizerFolder): Promise<Tokenizer> {
  const [json, config, template] = await Promise.all([
    readJson(folder.path, "tokenizer.json"),
    readJson(folder.path, "tokenizer_config.json"),
    readTemplate(folder.path),
  ]);
  const vocabulary = readVocabulary(json, folder);
  // Built from the parts and not by AutoTokenizer: without its added tokens it takes no text for a special token,
  // and there is no path by which a model's name could reach the network.
  forbidTelemetry();
  const { PreTrainedTokenizer } = await import("@huggingface/transformers");
  const encoder: Encoder = new PreTrainedTokenizer({ ...json, added_tokens: [] }, config);
  return new ChatTokenizer(vocabulary, encoder, template);
}

class ChatTokenizer extends ByteLevelText implements Tokenizer {
  readonly #vocabulary: Vocabulary;
  readonly #encoder: Encoder;
  readonly #template: string;

  constructor(vocabulary: Vocabulary, encoder: Encoder, template: string) {
    super(vocabulary);
    this.#vocabulary = vocabulary;
    this.#encoder = encoder;
    this.#template = template;
  }

  encode(text: string): number[] {
    // BPE works on UTF-8, in which a lone surrogate becomes U+FFFD.
    return text === "" ? [] : this.#encoder.encode(text, { add_special_tokens: false });
  }

  renderChat(messages: readonly ChatMessage[], options: { readonly addGenerationPrompt: boolean }): ChatText {
    const guarded = messages.map((message) => ({
      role: message.role,
      content: this.contentText(message).guarded,
    }));
    try {
      const rendered = this.#encoder.apply_chat_template(guarded, {
        chat_template: this.#template,
        add_generation_prompt: options.addGenerationPrompt,
        tokenize: false,
      });
      return { guarded: String(rendered) };
    } catch (error) {
      throw new UserError("usage", `The model's chat template refuses these messages: ${messageOf(error)}.`, {
        cause: error,
      });
    }
  }

  contentText({ role, content }: ChatMessage): ChatText {
    // A reply's text holds no special tokens, but it may hold added ones that are text, such as <think>.
    const { addedTokens } = this.#vocabulary;
    return guardText(
      content,
      role === "assistant" ? addedTokens.filter((token) => token.special) : addedTokens,
    );
  }

  encodeChat(text: ChatText): number[] {
    return splitChatText(text, this.#vocabulary.addedTokens).flatMap((piece) =>
      "token" in piece ? [piece.token] : this.encode(piece.text),
    );
  }
}

async function readJson(folder: string, name: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(path.join(folder, name), "utf8"));
  } catch (error) {
    throw new UserError(
      "model-invalid",
      `${name} in ${folder} could not be read: ${messageOf(error)}. Convert or copy the model again.`,
      { cause: error },
    );
  }
}

/** A model without a template has never seen a chat, so no made-up one is tried in its place. */
async function readTemplate(folder: string): Promise<string> {
  try {
    return await readFile(path.join(folder, "chat_template.jinja"), "utf8");
  } catch (error) {
    throw new UserError(
      "model-invalid",
      `${folder} has no chat template, so it is not a model to chat with. If its authors publish one, save it there as chat_template.jinja.`,
      { cause: error },
    );
  }
}
