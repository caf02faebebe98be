import { readFileSync } from "node:fs";
import { arch, platform } from "node:os";

/**
 * Hardware threads that share a core: matrix products gain nothing from the second one. Read where the system says it
 * (Linux); elsewhere x64 is taken to have two, arm64 one.
 */
export function threadsPerCore(): number {
  if (platform() !== "linux") return arch() === "x64" ? 2 : 1;
  try {
    const path = "/sys/devices/system/cpu/cpu0/topology/thread_siblings_list";
    return countOfList(readFileSync(path, "utf8"));
  } catch {
    return 1;
  }
}

/** The length of a list as Linux writes it: "0", "0,4", "0-1". */
export function countOfList(text: string): number {
  const ranges = text.trim().split(",");
  const sizes = ranges.map((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return last - first + 1;
  });
  return Math.max(1, sizes.reduce((sum, size) => sum + size, 0) || 1);
}
