import { Box, Static, Text, useApp, useCursor, useInput, usePaste, type Key } from "ink";
import { useEffect, useSyncExternalStore } from "react";
import type { Batch, Frames } from "./frames.ts";

/** Hands the terminal over while `during` runs, and takes it back. */
export type Suspend = (during: () => Promise<void>) => Promise<void>;

export interface PageProps {
  readonly frames: Frames;
  readonly onInput: (input: string, key: Key) => void;
  readonly onPaste: (text: string) => void;
  readonly onSuspend: (suspend: Suspend) => void;
}

/** All there is of React: finished lines above, one text of painted rows below, and the cursor in it. */
export function Page({ frames, onInput, onPaste, onSuspend }: PageProps) {
  const { batches, text, cursor } = useSyncExternalStore(frames.subscribe, frames.current);
  const { setCursorPosition } = useCursor();
  const { suspendTerminal } = useApp();
  setCursorPosition(cursor);
  useInput(onInput);
  usePaste(onPaste);
  useEffect(() => onSuspend((during) => suspendTerminal(during)), [onSuspend, suspendTerminal]);
  useEffect(() => frames.committed(batches.length), [frames, batches.length]);
  return (
    <>
      <Static items={batches}>{(batch, index) => <Lines key={index} batch={batch} />}</Static>
      <Text wrap="truncate">{text}</Text>
    </>
  );
}

/** A box as wide as its longest line: Ink leaves the line whole, and so it copies. */
function Lines({ batch }: { readonly batch: Batch }) {
  return (
    <Box width={batch.width} flexShrink={0}>
      <Text>{batch.text}</Text>
    </Box>
  );
}
