/** A program that starts an engine's process, says its id when it decodes or rests, and is then killed by the test. */
import { openEngineProcess } from "../../src/engine/index.ts";
import { settingsWith } from "../synthetic/running.ts";

const [folder = "", when] = process.argv.slice(2);
const engine = await openEngineProcess(folder, { device: "cpu", threads: 1 });
if (when === "at rest") console.log(engine.pid);
let said = false;
while (when === "in mid-answer") {
  const settings = settingsWith({ maxTokens: 5000 });
  for await (const event of engine.generate({ promptIds: [3, 4, 5], settings, stopTokenIds: [] })) {
    if (event.type !== "denoised" || said) continue;
    said = true;
    console.log(engine.pid);
  }
}
