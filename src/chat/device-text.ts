import type { EngineInfo } from "../engine/index.ts";

/** Where passes run, and why there. */
export function deviceText({ device, adapter, deviceReason }: EngineInfo): string {
  const name = adapter === undefined || device === "cpu" ? "" : ` on ${adapter.name}`;
  return `${device}${name}. ${deviceReason}`;
}
