import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { ok, warning, type Check } from "./check.ts";
import { sizeText } from "../../size-text.ts";

export function checkNode(): Check {
  return ok("node", `${process.versions.node} on ${process.platform} ${process.arch} (${release()})`);
}

/** Processors that the program may use, against those the machine has. */
export function checkProcessors(threads: number): Check {
  const usable = availableParallelism();
  const quota = cgroupProcessors();
  const share = quota === undefined ? "" : `; the container allows ${quota.toFixed(1)}`;
  const text = `${cpus().length} logical, ${usable} usable${share} (${cpus()[0]?.model.trim() ?? "unknown"})`;
  if (threads <= usable) return ok("processors", text);
  return warning(
    "processors",
    text,
    `${threads} threads will wait for each other: set threads to ${usable} or 0.`,
  );
}

/** Memory that a process may still take, the container's limit included. */
export function freeMemory(): { readonly free: number; readonly text: string } {
  const limit = process.constrainedMemory();
  const total = limit > 0 && limit < totalmem() ? limit : totalmem();
  const free = process.availableMemory();
  return { free, text: `${sizeText(free)} of ${sizeText(total)} free` };
}

/** Processors' worth of time that a cgroup (version 2) grants; undefined without a limit. */
function cgroupProcessors(): number | undefined {
  try {
    const [quota, period] = readFileSync("/sys/fs/cgroup/cpu.max", "utf8").trim().split(" ").map(Number);
    return quota === undefined || period === undefined || Number.isNaN(quota) ? undefined : quota / period;
  } catch {
    return undefined; // no cgroup, or not Linux
  }
}
