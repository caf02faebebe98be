/** Is at work with a device when it ends: killed, or in an orderly way. Arguments: the file of verdicts, and which. */
import { DeviceMemory } from "../../../src/engine/device/verdicts.ts";

const [file, how] = process.argv.slice(2);
await new DeviceMemory(file).attempt("a", async () => {
  if (how === "exit") process.exit(0);
  process.kill(process.pid, "SIGKILL");
  await new Promise((resolve) => setTimeout(resolve, 10_000));
});
