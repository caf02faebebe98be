import { readFileSync } from "node:fs";

/** Version of the package; its package.json is two levels up from src/cli and from dist/cli. */
export const programVersion = readVersion();

function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const content: unknown = JSON.parse(text);
  const version = typeof content === "object" && content !== null && "version" in content && content.version;
  return typeof version === "string" ? version : "unknown";
}
