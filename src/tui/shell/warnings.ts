/**
 * Keeps what Node warns of from being printed into a frame. Gives a function that lets warnings through again, the
 * kept ones first.
 */
export function holdWarnings(): () => void {
  const held: Error[] = [];
  const listeners = process.listeners("warning");
  const hold = (warning: Error) => void held.push(warning);
  process.removeAllListeners("warning").on("warning", hold);
  return () => {
    process.off("warning", hold);
    for (const listener of listeners) process.on("warning", listener);
    for (const warning of held) process.emitWarning(warning);
  };
}
