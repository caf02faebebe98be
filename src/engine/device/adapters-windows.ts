import { totalmem } from "node:os";
import type { Adapter } from "./adapters.ts";

/**
 * The GPUs in what `reg query` prints of the display class, most memory first; remote and basic displays, which have no
 * place on the PCI bus, are left out.
 */
export function windowsAdapters(text: string): Adapter[] {
  const found = text.split(/\r?\n(?=HKEY)/).flatMap((section): Adapter[] => {
    const value = (name: string) =>
      new RegExp(`^\\s+${name}\\s+REG_\\w+\\s+(.+?)\\s*$`, "m").exec(section)?.[1];
    const name = value("DriverDesc");
    if (name === undefined || !/^pci\\ven_/i.test(value("MatchingDeviceId") ?? "")) return [];
    const own = Number(value("HardwareInformation\\.qwMemorySize") ?? Number.NaN);
    const memoryBytes = own >= 1e9 ? own : Math.floor(totalmem() / 2);
    return [{ name, driver: value("DriverVersion") ?? "unknown", software: false, memoryBytes }];
  });
  return found.toSorted((a, b) => (b.memoryBytes ?? 0) - (a.memoryBytes ?? 0));
}
