import { UserError } from "../errors.ts";

/** A prompt and what sort of answer it asks for. */
export interface BenchPrompt {
  readonly kind: string;
  readonly prompt: string;
}

const built: Readonly<Record<string, readonly string[]>> = {
  short: ["What is the capital of France?", "Hello, who are you?"],
  list: ["List five fruits.", "Count from one to twenty in words."],
  code: ["Write a Python function that adds two numbers.", "Write a loop in C that prints 1 to 10."],
  story: ["Tell me a short story about a dog.", "Explain how plants make food."],
  arithmetic: ["What is 12 + 30? Show each step.", "Write the multiplication table of 3, from 1 to 10."],
};

/** Prompts of the kinds that people type: random tokens would mislead, for what they cost and what they bring. */
export const builtInPrompts: readonly BenchPrompt[] = Object.entries(built).flatMap(([kind, prompts]) =>
  prompts.map((prompt) => ({ kind, prompt })),
);

/**
 * Prompts of a file: a line each, either plain text or JSON (a string, or an object with `prompt` and perhaps
 * `kind`). Empty lines do not count.
 * @param source names the file in errors
 * @throws UserError usage
 */
export function parsePrompts(text: string, source: string): BenchPrompt[] {
  const prompts = text
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), where: `line ${index + 1} of ${source}` }))
    .filter(({ line }) => line !== "")
    .map(({ line, where }) => promptOf(line, where));
  if (prompts.length > 0) return prompts;
  throw new UserError("usage", `${source} has no prompts. Write one a line, as text or as JSON.`);
}

function promptOf(line: string, where: string): BenchPrompt {
  if (!/^["{]/.test(line)) return { kind: "file", prompt: line };
  const value = jsonOf(line);
  if (typeof value === "string" && value !== "") return { kind: "file", prompt: value };
  if (typeof value === "object" && value !== null && "prompt" in value) {
    const kind = "kind" in value && typeof value.kind === "string" ? value.kind : "file";
    if (typeof value.prompt === "string" && value.prompt !== "") return { kind, prompt: value.prompt };
  }
  throw new UserError(
    "usage",
    `${where} is no prompt. A line is plain text, or JSON such as {"prompt": "Why is the sky blue?", "kind": "short"}.`,
  );
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
