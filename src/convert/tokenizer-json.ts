import { z } from "zod";

const addedTokenSchema = z.object({
  content: z.string(),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(false),
  special: z.boolean().default(false),
});

const namedToken = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();

/** What tokenizer_config.json says about the tokens that are not in the vocabulary. */
export const tokenizerConfigSchema = z.looseObject({
  added_tokens_decoder: z.record(z.string().regex(/^\d+$/), addedTokenSchema).default({}),
  additional_special_tokens: z.array(namedToken).nullish(),
  bos_token: namedToken,
  eos_token: namedToken,
  pad_token: namedToken,
  unk_token: namedToken,
  mask_token: namedToken,
});

export type TokenizerConfig = z.infer<typeof tokenizerConfigSchema>;

export interface TokenizerParts {
  /** vocab.json: token, in the byte-level alphabet, -> id */
  readonly vocabulary: Readonly<Record<string, number>>;
  /** merges.txt: pairs in order of rank, a header line first */
  readonly merges: string;
  readonly config: TokenizerConfig;
}

/** Contractions, words with one leading sign, single digits, runs of signs, line ends, blanks: Qwen2's cut before BPE. */
const words =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false };

/**
 * tokenizer.json of a Qwen2-style byte-level BPE, from the three files that published SDAR checkpoints have in its
 * place: text in NFC, cut into words, bytes as letters, merged by rank.
 */
export function tokenizerJson({ vocabulary, merges, config }: TokenizerParts): object {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens(config),
    normalizer: { type: "NFC" },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: words }, behavior: "Isolated", invert: false },
        byteLevel,
      ],
    },
    post_processor: byteLevel,
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: vocabulary,
      merges: mergeLines(merges),
    },
  };
}

/** A token is special if its own entry says so, or if the configuration uses it as one. */
function addedTokens(config: TokenizerConfig): object[] {
  const named = [
    ...(config.additional_special_tokens ?? []),
    config.bos_token,
    config.eos_token,
    config.pad_token,
    config.unk_token,
    config.mask_token,
  ];
  const special = new Set(named.map((token) => (typeof token === "object" ? token?.content : token)));
  return Object.entries(config.added_tokens_decoder)
    .map(([id, token]) => {
      const isSpecial = token.special || special.has(token.content);
      return Object.assign({ id: Number(id) }, token, { special: isSpecial });
    })
    .toSorted((a, b) => a.id - b.id);
}

function mergeLines(text: string): string[] {
  return text.split(/\r?\n/).filter((line, at) => line !== "" && !(at === 0 && line.startsWith("#version")));
}
