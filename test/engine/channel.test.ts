import { expect, test } from "vitest";
import { channel } from "../../src/engine/channel.ts";
import { Turns } from "../../src/engine/turns.ts";

async function read<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const nothing = () => {};

test("a reader gets all that was pushed, in order, whether it came before or while it waited", async () => {
  const stream = channel<number>(async (push) => {
    push([1, 2]);
    await later(5);
    push([3]);
    push([]);
    push([4, 5]);
  }, nothing);
  expect(await read(stream)).toEqual([1, 2, 3, 4, 5]);
});

test("an error reaches the reader after what was pushed before it", async () => {
  const seen: number[] = [];
  const stream = channel<number>(async (push) => {
    push([1, 2]);
    await later(1);
    throw new Error("broken");
  }, nothing);
  const reading = (async () => {
    for await (const item of stream) seen.push(item);
  })();
  await expect(reading).rejects.toThrow("broken");
  expect(seen).toEqual([1, 2]);
});

test("a reader that leaves cancels the producer, one that reads to the end does not", async () => {
  let cancelled = 0;
  const cancel = () => cancelled++;
  for await (const item of channel<number>(async (push) => (push([1, 2, 3]), await later(50)), cancel)) {
    if (item === 2) break;
  }
  expect(cancelled).toBe(1);
  await read(channel<number>(async (push) => push([1]), cancel));
  expect(cancelled).toBe(1);
});

test("nothing is produced before the first read", async () => {
  let started = false;
  const stream = channel<number>(async () => void (started = true), nothing);
  await later(1);
  expect(started).toBe(false);
  await read(stream);
  expect(started).toBe(true);
});

test("jobs take turns, also after one that failed", async () => {
  const turns = new Turns();
  const log: string[] = [];
  const job = (name: string, milliseconds: number) =>
    turns.run(async () => {
      log.push(`${name} starts`);
      await later(milliseconds);
      log.push(`${name} ends`);
      if (name === "b") throw new Error("b failed");
    });
  const results = Promise.allSettled([job("a", 5), job("b", 1), job("c", 1)]);
  await turns.idle();
  expect(log).toEqual(["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]);
  expect((await results).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
