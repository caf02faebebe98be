import { asciiGlyphs } from "../paint/glyphs.ts";
import { readBlock, readCodeLine } from "./blocks.ts";
import { startOfText, type Fence } from "./place.ts";

/** A block of code as far as it was read. */
interface OpenBlock {
  readonly fence: Fence;
  readonly lines: string[];
}

/** What the page shows as code, each block without its fence's quotes and indent; the last one may not be closed. */
export function codeBlocks(text: string): string[] {
  const blocks: OpenBlock[] = [];
  let open: OpenBlock | undefined;
  for (const line of text.split("\n")) {
    const read = open && readCodeLine(line, open.fence);
    if (read?.kind === "code") {
      open?.lines.push(line.slice(read.from));
      continue;
    }
    // A line that has left its quote may open the next block.
    open = read?.kind === "close" ? undefined : opened(line);
    if (open !== undefined) blocks.push(open);
  }
  return blocks.map(({ lines }) => lines.join("\n"));
}

function opened(line: string): OpenBlock | undefined {
  const block = readBlock(line, startOfText, asciiGlyphs);
  return block.kind === "fence" ? { fence: block.fence, lines: [] } : undefined;
}
