import type { Engine, EngineEvent } from "../engine/index.ts";
import { deviceNote } from "./session.ts";
import type { ChosenSettings } from "./settings.ts";

/** Says on standard error why a GPU that was asked for does not compute. */
export function sayDeviceNote(chosen: ChosenSettings, engine: Engine): void {
  const note = deviceNote(chosen, engine);
  if (note !== undefined) process.stderr.write(`sdar-chat: on the CPU. ${note}\n`);
}

/** Says on standard error why another device computes from here on. */
export function sayDeviceChange(event: EngineEvent): void {
  if (event.type === "device_changed") process.stderr.write(`sdar-chat: ${event.reason}\n`);
}
