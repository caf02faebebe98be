/** A program that starts an engine's process, says its id when it decodes or rests, and is then killed by the test. */
import { openEngineProcess } from "../../../src/engine/index.ts";
import { settingsWith } from "../../synthetic/running.ts";

const [folder = "", when] = process.argv.slice(2);
const engine = await openEngineProcess(folder, { device: "cpu", threads: 1 });

async function decodeForever(): Promise<never> {
  let said = false;
  for (;;) {
    const settings = settingsWith({ maxTokens: 5000 });
    for await (const event of engine.generate({ promptIds: [3, 4, 5], settings, stopTokenIds: [] })) {
      if (event.type === "denoised" && !said) console.log(engine.pid);
      said ||= event.type === "denoised";
    }
  }
}

if (when === "in mid-answer") await decodeForever();
else console.log(engine.pid);
