import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { linuxAdapter, linuxHasGpu } from "../../../src/engine/device/adapters-linux.ts";
import { windowsAdapters } from "../../../src/engine/device/adapters-windows.ts";

/** A folder that stands for "/", with these files and links. */
function machine(
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>> = {},
): string {
  const root = mkdtempSync(path.join(tmpdir(), "machine-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const place = (name: string) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    return path.join(root, name);
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(place(name), content);
  for (const [name, target] of Object.entries(links)) symlinkSync(target, place(name));
  return root;
}

const radeon = {
  "sys/class/drm/renderD128/device/vendor": "0x1002\n",
  "sys/class/drm/renderD128/device/device": "0x744c\n",
  "sys/class/drm/renderD128/device/mem_info_vram_total": "25753026560\n",
};

test("a machine without device nodes has no GPU", () => {
  expect(linuxHasGpu(machine({ "dev/null": "", "dev/dri/card0": "" }))).toBe(false);
  expect(linuxHasGpu(machine({ "dev/dri/renderD128": "" }))).toBe(true);
  expect(linuxHasGpu(machine({ "dev/nvidia0": "" }))).toBe(true);
});

test("the adapter in use is the one whose device the process has open", () => {
  const root = machine(radeon, {
    "proc/self/fd/3": "/dev/null",
    "proc/self/fd/17": "/dev/dri/renderD128",
    "sys/class/drm/renderD128/device/driver": "../../../../bus/pci/drivers/amdgpu",
  });
  expect(linuxAdapter(root)).toMatchObject({
    name: "AMD GPU 0x744c",
    driver: expect.stringMatching(/^amdgpu, Linux /),
    software: false,
    memoryBytes: 25_753_026_560,
  });
});

test("NVIDIA's driver says the name of its GPU", () => {
  const root = machine(
    {
      "proc/driver/nvidia/gpus/0000:01:00.0/information": "Model: \t\t NVIDIA GeForce RTX 4070\nIRQ: 1\n",
      "sys/module/nvidia/version": "570.86.16\n",
    },
    { "proc/self/fd/20": "/dev/nvidiactl", "proc/self/fd/21": "/dev/nvidia0" },
  );
  expect(linuxAdapter(root)).toMatchObject({
    name: "NVIDIA GeForce RTX 4070",
    driver: "nvidia 570.86.16",
    software: false,
  });
});

test("a driver that opens no device computes in software, whatever GPU there is", () => {
  const mapped = "7e00 r--p /usr/lib/libvulkan_radeon.so\n7f00 r--p /usr/lib/libvulkan_lvp.so\n";
  const maps = { "proc/self/maps": mapped, "dev/dri/renderD128": "" };
  const library = "usr/lib/libvulkan_lvp.so";
  const root = machine({ ...radeon, ...maps, [library]: "" }, { "proc/self/fd/3": "/dev/null" });
  expect(linuxHasGpu(root)).toBe(true);
  expect(linuxAdapter(root)).toMatchObject({ name: "llvmpipe", software: true });
  // Mesa is another driver once it was updated, though the kernel is the same: what is known of it counts no more.
  const driverOn = (day: string) => {
    utimesSync(path.join(root, library), new Date(day), new Date(day));
    return linuxAdapter(root).driver;
  };
  expect(driverOn("2025-05-31")).toBe("Vulkan in software, libvulkan_lvp.so of 2025-05-31");
  expect(driverOn("2026-02-03")).toBe("Vulkan in software, libvulkan_lvp.so of 2026-02-03");
});

/** A display as `reg query` prints it. */
const section = (number: string, lines: string[]) =>
  [
    `HKEY_LOCAL_MACHINE\\SYSTEM\\Class\\{4d36e968}\\${number}`,
    ...lines.map((line) => `    ${line}`),
    "",
  ].join("\r\n");

test("of Windows' displays those on the PCI bus are GPUs, most memory first", () => {
  const text = [
    section("0000", [
      "DriverDesc    REG_SZ    Intel(R) UHD Graphics 770",
      "MatchingDeviceId    REG_SZ    PCI\\VEN_8086&DEV_4680",
      "HardwareInformation.qwMemorySize    REG_QWORD    0x8000000",
    ]),
    section("0001", [
      "DriverDesc    REG_SZ    NVIDIA GeForce RTX 4090",
      "DriverVersion    REG_SZ    32.0.15.6614",
      "MatchingDeviceId    REG_SZ    pci\\ven_10de&dev_2684",
      "HardwareInformation.qwMemorySize    REG_QWORD    0x5ff000000000",
    ]),
    section("0002", [
      "DriverDesc    REG_SZ    Microsoft Remote Display Adapter",
      "MatchingDeviceId    REG_SZ    RdpIdd_IndirectDisplay",
    ]),
  ].join("\r\n");
  const [first, second, ...none] = windowsAdapters(text);
  expect(first).toMatchObject({ name: "NVIDIA GeForce RTX 4090", driver: "32.0.15.6614", software: false });
  expect(second).toMatchObject({ name: "Intel(R) UHD Graphics 770", driver: "unknown" });
  expect(none).toEqual([]);
});
