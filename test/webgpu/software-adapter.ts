import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** Drivers that compute on the processor. Their numbers fail differently, and only llvmpipe has 16-bit floats. */
export type SoftwareAdapter = "SwiftShader" | "llvmpipe";

/** Where `.ci/swiftshader` puts its driver. */
const swiftShaderFolder =
  process.env["SDAR_CHAT_SWIFTSHADER"] ||
  join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "sdar-chat-tests", "swiftshader");

const drivers: Readonly<Record<SoftwareAdapter, readonly string[]>> = {
  SwiftShader: [join(swiftShaderFolder, "vk_swiftshader_icd.json")],
  llvmpipe: ["lvp_icd.json", "lvp_icd.x86_64.json"].map((name) => join("/usr/share/vulkan/icd.d", name)),
};

const scripts: Readonly<Record<SoftwareAdapter, string>> = {
  SwiftShader: ".ci/swiftshader",
  llvmpipe: ".ci/llvmpipe",
};

/**
 * Makes an adapter this process's only one, before anything has loaded Vulkan.
 * @returns why there is none to test on (absent if there is one), and where the tests run, for their title
 */
export function useAdapter(name: SoftwareAdapter): { missing?: string; where: string } {
  const found = drivers[name].find((file) => existsSync(file));
  const missing = whyMissing(name, found);
  if (missing !== undefined) return { missing, where: `skipped: ${missing}` };
  process.env["VK_ICD_FILENAMES"] = found;
  process.env["VK_DRIVER_FILES"] = found;
  return { where: `on ${name}` };
}

function whyMissing(name: SoftwareAdapter, driver: string | undefined): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return `${name} is for Linux x64`;
  if (driver === undefined) return `${name} is missing; ${scripts[name]} fetches it`;
  if (name === "llvmpipe" && !isNewEnough(driver)) return "this llvmpipe is older than Vulkan 1.4 (Mesa 25)";
  const libraries = execFileSync("sh", ["-c", "ldconfig -p 2>/dev/null || /sbin/ldconfig -p"], {
    encoding: "utf8",
  });
  return libraries.includes("libvulkan.so.1")
    ? undefined
    : `libvulkan.so.1 is missing; ${scripts[name]} says how`;
}

const driverSchema = z.object({ ICD: z.object({ api_version: z.string() }) });

/** ONNX Runtime's WebGPU finds no adapter with that of Mesa 22.3. */
function isNewEnough(driver: string): boolean {
  const { ICD } = driverSchema.parse(JSON.parse(readFileSync(driver, "utf8")));
  const [major = 0, minor = 0] = ICD.api_version.split(".").map(Number);
  return major > 1 || minor >= 4;
}
