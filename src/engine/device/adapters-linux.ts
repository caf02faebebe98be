import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { release, totalmem } from "node:os";
import { basename, join } from "node:path";
import type { Adapter } from "./adapters.ts";

/** What a driver opens to reach a GPU: /dev/dri/renderD128, /dev/nvidia0, /dev/dxg under Windows' Linux. */
const node = /^\/dev\/(?:dri\/(renderD\d+)|nvidia(\d+)|(dxg))$/;

const makers: Record<string, string> = { "0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel" };

/** @param root "/"; another folder in tests */
export function linuxHasGpu(root: string): boolean {
  const found = [...list(join(root, "dev/dri")).map((name) => `dri/${name}`), ...list(join(root, "dev"))];
  return found.some((name) => node.test(`/dev/${name}`));
}

/**
 * The GPU that this process has open. A driver that computes on the processor opens none, though the machine may have
 * one: Vulkan takes whatever drivers are installed.
 */
export function linuxAdapter(root: string): Adapter {
  const descriptors = list(join(root, "proc/self/fd"));
  const open = descriptors.map((name) => target(join(root, "proc/self/fd", name)));
  const match = open.map((path) => node.exec(path)).find((found) => found !== null);
  if (match?.[1] !== undefined) return renderNode(root, match[1]);
  if (match?.[2] !== undefined) return nvidia(root);
  if (match?.[3] !== undefined) return { name: "a GPU of Windows", driver: "dxg", software: false };
  return {
    name: softwareName(root),
    driver: `Vulkan in software${libraryOf(root, "software")}`,
    software: true,
  };
}

/** Mesa's part of a driver, by the kernel's. */
const mesa: Readonly<Record<string, string>> = {
  amdgpu: "libvulkan_radeon.so",
  radeon: "libvulkan_radeon.so",
  i915: "libvulkan_intel.so",
  xe: "libvulkan_intel.so",
  nouveau: "libvulkan_nouveau.so",
  software: "libvulkan_lvp.so",
};

/** It changes without the kernel's: the library that this process has loaded, by its date. Vulkan loads all there are. */
function libraryOf(root: string, driver: string): string {
  const name = mesa[driver];
  const maps = read(join(root, "proc/self/maps")).split("\n");
  const path = maps.find((line) => line.endsWith(`/${name}`))?.replace(/^.*?(?=\/)/, "");
  if (path === undefined) return "";
  try {
    return `, ${name} of ${statSync(join(root, path)).mtime.toISOString().slice(0, 10)}`;
  } catch {
    return "";
  }
}

function softwareName(root: string): string {
  const maps = read(join(root, "proc/self/maps"));
  if (maps.includes("libvk_swiftshader")) return "SwiftShader";
  return maps.includes("libvulkan_lvp") ? "llvmpipe" : "an adapter without hardware";
}

function renderNode(root: string, render: string): Adapter {
  const device = join(root, "sys/class/drm", render, "device");
  const [vendor, id] = ["vendor", "device"].map((name) => read(join(device, name)).trim());
  const driver = basename(target(join(device, "driver")));
  if (driver === "nvidia") return nvidia(root);
  const own = Number(read(join(device, "mem_info_vram_total")));
  return {
    name: `${makers[vendor ?? ""] ?? vendor ?? "GPU"} GPU ${id ?? ""}`.trim(),
    driver: `${driver}, Linux ${release()}${libraryOf(root, driver)}`,
    software: false,
    // Integrated ones name a small part of the machine's memory as their own and use the rest too.
    memoryBytes: own >= 4e9 ? own : Math.floor(totalmem() / 2),
  };
}

function nvidia(root: string): Adapter {
  const gpus = join(root, "proc/driver/nvidia/gpus");
  const information = list(gpus).map((gpu) => read(join(gpus, gpu, "information")));
  const name = /^Model:\s*(.+)$/m.exec(information[0] ?? "")?.[1] ?? "NVIDIA GPU";
  const version = read(join(root, "sys/module/nvidia/version")).trim();
  const memoryBytes = nvidiaMemory();
  return {
    name,
    driver: `nvidia ${version}`.trim(),
    software: false,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
}

function nvidiaMemory(): number | undefined {
  try {
    const query = ["--query-gpu=memory.total", "--format=csv,noheader,nounits"];
    const text = execFileSync("nvidia-smi", query, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const megabytes = Number.parseInt(text, 10);
    return Number.isNaN(megabytes) ? undefined : megabytes * 2 ** 20;
  } catch {
    return undefined; // not installed: the driver's own tools are optional
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return "";
  }
}
