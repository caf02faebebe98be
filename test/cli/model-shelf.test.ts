import { expect, onTestFinished, test } from "vitest";
import { modelShelf } from "../../src/cli/model-shelf.ts";
import { decodingFor } from "../../src/cli/settings.ts";
import { ModelSwitch } from "../../src/tui/shell/model-switch.ts";
import type { Happening } from "../../src/tui/store/update.ts";
import { chatWith, openTiny } from "../chat/chats.ts";
import { scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const other = await tinyChatModel("dense-tiny", home);

test("a knob that is turned while another model loads stays turned", async () => {
  const tiny = await openTiny("carry-tiny");
  const conversation = chatWith(tiny, { settings: decodingFor(tiny.folder.config, {}) });
  const chosen = { engine: { device: "cpu", threads: 1 }, decoding: {}, screen: {} } as const;
  const paths = { configFile: { path: "", isNamed: false }, data: home, cache: home };
  const told: Happening[] = [];
  const models = new ModelSwitch(conversation, modelShelf(chosen, paths), (each) => told.push(each));
  const switching = models.to(other);
  conversation.adjust({ threshold: 0.5 });
  await switching;
  const { engine, folder } = conversation.model;
  onTestFinished(() => engine.close());
  const settings = { ...decodingFor(folder.config, {}), threshold: 0.5 };
  expect(conversation.settings).toEqual(settings);
  expect(told.find(({ type }) => type === "switched")).toMatchObject({ settings });
});
