import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where `.ci/swiftshader` puts the software adapter. */
const folder =
  process.env["SDAR_CHAT_SWIFTSHADER"] ||
  join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "sdar-chat-tests", "swiftshader");
const driver = join(folder, "vk_swiftshader_icd.json");

/** Why there is no adapter to test on; undefined if there is one, which is then this process's only one. */
export const noAdapter = find();

if (noAdapter === undefined) {
  process.env["VK_ICD_FILENAMES"] = driver;
  process.env["VK_DRIVER_FILES"] = driver;
}

/** Where the tests run, for their title; or why they are skipped. */
export const where = noAdapter === undefined ? "on a software adapter" : `skipped: ${noAdapter}`;

function find(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "the software adapter is for Linux x64";
  if (!existsSync(driver)) return `${driver} is missing; .ci/swiftshader fetches it`;
  const libraries = execFileSync("sh", ["-c", "ldconfig -p 2>/dev/null || /sbin/ldconfig -p"], {
    encoding: "utf8",
  });
  return libraries.includes("libvulkan.so.1")
    ? undefined
    : "libvulkan.so.1 is missing; .ci/swiftshader says how";
}
