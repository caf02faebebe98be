import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { median } from "./statistics.ts";

/** Compares two halves of a buffer as often as it is told: memcmp, which reads as fast as a core can. */
const reader = `
const { parentPort, workerData } = require("node:worker_threads");
const left = Buffer.alloc(workerData.bytes / 2, 7);
const right = Buffer.alloc(workerData.bytes / 2, 7);
parentPort.on("message", () => parentPort.postMessage(left.compare(right)));
parentPort.postMessage("ready");
`;

export interface ReadOptions {
  readonly rounds?: number;
  /** bytes that are really read: far more than caches hold, and little beside a large model that is in memory already */
  readonly most?: number;
}

/**
 * How long `threads` threads take to read `bytes` once from memory: no pass can be faster than reading the weights.
 * Of more than `most` bytes so many are read, and the rest is taken to be as quick. Median of several rounds, milliseconds.
 */
export async function memoryReadTime(
  bytes: number,
  threads: number,
  { rounds = 9, most = 1e9 }: ReadOptions = {},
): Promise<number> {
  const read = Math.min(bytes, most);
  const share = Math.ceil(read / threads / 2) * 2;
  const workers = Array.from(
    { length: threads },
    () => new Worker(reader, { eval: true, workerData: { bytes: share } }),
  );
  try {
    await Promise.all(workers.map((worker) => once(worker, "message")));
    const times: number[] = [];
    for (let round = -1; round < rounds; round++) {
      const started = performance.now();
      const done = workers.map((worker) => once(worker, "message"));
      for (const worker of workers) worker.postMessage("read");
      await Promise.all(done);
      if (round >= 0) times.push(performance.now() - started);
    }
    return (median(times) * bytes) / read;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
