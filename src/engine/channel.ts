/**
 * Hands on what a producer pushes, at the reader's pace; the producer never waits. Its error reaches the reader after
 * all that was pushed before.
 * @param produce called at the first read; the stream ends when it resolves
 * @param cancel called if the reader leaves before the end
 */
export async function* channel<T>(
  produce: (push: (items: readonly T[]) => void) => Promise<void>,
  cancel: () => void,
): AsyncGenerator<T, void> {
  const waiting: T[] = [];
  let ended = false;
  let wake: (() => void) | undefined;
  const production = produce((items) => {
    waiting.push(...items);
    wake?.();
  });
  const settle = () => {
    ended = true;
    wake?.();
  };
  production.then(settle, settle);
  try {
    for (;;) {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) yield item;
      if (ended) return await production;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    if (!ended) cancel();
  }
}
