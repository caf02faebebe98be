import { execFileSync } from "node:child_process";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { linuxAdapter, linuxHasGpu } from "./adapters-linux.ts";
import { windowsAdapters } from "./adapters-windows.ts";

/** A GPU, as the system describes it: ONNX Runtime does not say which one it runs on. */
export interface Adapter {
  readonly name: string;
  /** with its version, as far as that is known */
  readonly driver: string;
  /** computes on the processor; never chosen unless it is named */
  readonly software: boolean;
  /** memory it has or, where it has none of its own, half of the machine's; absent: unknown */
  readonly memoryBytes?: number;
}

/** Whether this machine has a GPU at all; quick, and without loading any driver. */
export function hasGpu(): boolean {
  if (platform() === "linux") return linuxHasGpu("/");
  if (platform() === "darwin") return arch() === "arm64";
  return windowsGpus().length > 0;
}

/** The adapter that this process computes on, once it has opened a graph for WebGPU. */
export function adapterInUse(): Adapter {
  if (platform() === "linux") return linuxAdapter("/");
  if (platform() === "darwin") return appleAdapter();
  return windowsGpus()[0] ?? { name: "an adapter without hardware", driver: "unknown", software: true };
}

/** Apple's chips share one memory, of which Metal gives a GPU about two thirds. */
function appleAdapter(): Adapter {
  const name = cpus()[0]?.model.trim() ?? "Apple";
  const memoryBytes = Math.floor((totalmem() * 2) / 3);
  return { name, driver: `Metal, Darwin ${release()}`, software: false, memoryBytes };
}

/** The display class of the registry: what the Device Manager shows. */
const displayClass =
  "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}";

function windowsGpus(): readonly Adapter[] {
  try {
    const text = execFileSync("reg", ["query", displayClass, "/s"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 16e6,
    });
    return windowsAdapters(text);
  } catch {
    return [];
  }
}
