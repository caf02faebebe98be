import { expect, test } from "vitest";
import { configLayer } from "../../src/cli/config-file.ts";
import { environmentLayer } from "../../src/cli/environment.ts";
import { commandLineLayer } from "../../src/cli/options.ts";
import { chooseSettings, decodingFor } from "../../src/cli/settings.ts";

const nothing = chooseSettings([]);

test("with nothing chosen the engine decides, and the model is the embedded one", () => {
  expect(nothing).toEqual({ engine: { device: "auto", threads: 0 }, decoding: {}, screen: {} });
});

test("the command line wins over the environment, and that over the configuration file", () => {
  const file = configLayer(
    '{"model": "a", "threshold": 0.1, "topK": 1, "threads": 1, "system": "file", "motion": false}',
    "F",
  );
  const environment = environmentLayer({
    SDAR_CHAT_THRESHOLD: "0.2",
    SDAR_CHAT_TOP_K: "2",
    SDAR_CHAT_MODEL: "b",
    SDAR_CHAT_SAVE: "true",
  });
  const commandLine = commandLineLayer({ threshold: 0.3, json: true });
  expect(chooseSettings([file, environment, commandLine])).toEqual({
    model: "b",
    system: "file",
    engine: { device: "auto", threads: 1 },
    decoding: { threshold: 0.3, topK: 2, doubt: "off" },
    screen: { motion: false, save: true },
  });
});

test("what was chosen lies over the model's own defaults, and these over the built-in ones", () => {
  const defaults = { strategy: "sequential", threshold: 0.7 } as const;
  const settings = decodingFor({ blockLength: 8, defaults }, { threshold: 0.6 });
  expect(settings).toMatchObject({ blockLength: 8, strategy: "sequential", threshold: 0.6, maxTokens: 1024 });
});

test.each([
  ["{", "The configuration file F is not JSON"],
  ["}", "Mend it, or run without one: SDAR_CHAT_CONFIG= sdar-chat"],
  ["[]", "The configuration file F must hold one JSON object"],
  ['{"treshold": 1}', '"treshold" in F is not a setting. Did you mean threshold?'],
  [
    '{"colour": 1}',
    '"colour" in F is not a setting. There are: model, system, device, threads, doubt, strategy',
  ],
  ['{"threshold": 2}', "threshold in F must be a number, 0..1, not 2."],
  ['{"motion": "off"}', 'motion in F must be one of true | false, not "off".'],
  ['{"model": 7}', "model in F must be a text, not 7."],
])("a configuration file %j is refused with a sentence that names it", (text, message) => {
  expect(() => configLayer(text, "F")).toThrow(message);
});

test("a byte order mark before a configuration file is passed over", () => {
  expect(configLayer('\uFEFF{"threshold": 0.5}', "F").decoding.threshold).toBe(0.5);
});

test("an empty variable counts as absent", () => {
  expect(environmentLayer({ SDAR_CHAT_SEED: "", PATH: "/bin" })).toEqual({
    engine: {},
    decoding: {},
    screen: {},
  });
});

test("a wrong or misspelt variable is refused by name", () => {
  expect(() => environmentLayer({ SDAR_CHAT_SEED: "x" })).toThrow("SDAR_CHAT_SEED must be a whole number");
  expect(() => environmentLayer({ SDAR_CHAT_TRESHOLD: "1" })).toThrow(
    "SDAR_CHAT_TRESHOLD is not a variable of sdar-chat",
  );
});

test("who sets by hand what the dial would turns it off, unless a later word turns it on again", () => {
  const file = configLayer('{"doubt": "fast", "temperature": 1}', "F");
  expect(chooseSettings([file]).decoding.doubt).toBe("fast");
  expect(chooseSettings([file, commandLineLayer({ blockLength: 8 })]).decoding.doubt).toBe("off");
  expect(chooseSettings([file, commandLineLayer({ topK: 8 })]).decoding.doubt).toBe("fast");
  const both = commandLineLayer({ blockLength: 8, doubt: "exact" });
  expect(chooseSettings([file, both]).decoding.doubt).toBe("exact");
});
