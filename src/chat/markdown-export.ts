import { UserError } from "../errors.ts";
import { toMarkdown, writeText, type MarkdownFacts } from "./markdown.ts";
import type { Turn } from "./turns.ts";

/** Writes a conversation as Markdown; a file that it did not write itself is never replaced. */
export class MarkdownExport {
  readonly #written = new Set<string>();

  /**
   * @param name relative to the working directory; `~/` is the home folder
   * @returns the absolute path
   * @throws UserError usage: nothing was said yet; file
   */
  async save(name: string, turns: readonly Turn[], facts: MarkdownFacts): Promise<string> {
    if (turns.length === 0)
      throw new UserError("usage", "There is nothing to save yet: ask something first.");
    const file = await writeText(name, toMarkdown(turns, facts), this.#written);
    this.#written.add(file);
    return file;
  }
}
