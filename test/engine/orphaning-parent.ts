/** A program that starts an engine's process, says its id once it decodes, and is then killed by the test. */
import { openEngineProcess } from "../../src/engine/index.ts";
import { settingsWith } from "../synthetic/running.ts";

const engine = await openEngineProcess(process.argv[2] ?? "", { device: "cpu", threads: 1 });
let said = false;
for (;;) {
  const settings = settingsWith({ maxTokens: 5000 });
  for await (const event of engine.generate({ promptIds: [3, 4, 5], settings, stopTokenIds: [] })) {
    if (event.type !== "denoised" || said) continue;
    said = true;
    console.log(engine.pid);
  }
}
