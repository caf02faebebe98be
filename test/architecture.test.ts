import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const source = resolve(import.meta.dirname, "../src");

/** Folder -> folders it may import from, besides itself and the files at the top (errors.ts). */
const arrows: Record<string, readonly string[]> = {
  model: [],
  convert: ["model"],
  engine: ["model"],
  chat: ["model", "engine"],
  tui: ["model", "engine", "chat"],
  bench: ["model", "engine"],
  cli: ["model", "convert", "engine", "chat", "tui", "bench"],
};

/** Package -> the only places that may import it: a folder, or one file. */
const packages: Record<string, readonly string[]> = {
  "onnxruntime-node": ["engine/"],
  ink: ["tui/"],
  react: ["tui/"],
  "highlight.js/lib/core": ["tui/markdown/"],
  commander: ["cli/"],
  "@huggingface/transformers": ["model/"],
  protobufjs: ["convert/"],
};

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function sourceFiles(): string[] {
  return readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(source, file), "utf8");
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(?:type\s+)?(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => ({
    file,
    specifier: match[1] ?? match[2] ?? "",
  }));
}

const folderOf = (file: string) => file.split("/")[0] ?? "";
const all = sourceFiles().flatMap(importsOf);

test("folders import only along the arrows", () => {
  const wrong = all
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ file, specifier }) => ({ file, to: relative(source, resolve(source, dirname(file), specifier)) }))
    .filter(({ file, to }) => file.includes("/") && to.includes("/") && folderOf(file) !== folderOf(to))
    .filter(({ file, to }) => !arrows[folderOf(file)]?.includes(folderOf(to)));
  expect(wrong).toEqual([]);
});

test("a folder is entered by its door", () => {
  const wrong = all
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ file, specifier }) => ({ file, to: relative(source, resolve(source, dirname(file), specifier)) }))
    .filter(({ file, to }) => to.includes("/") && folderOf(file) !== folderOf(to))
    .filter(({ to }) => !/^[a-z]+\/index\.ts$/.test(to));
  expect(wrong).toEqual([]);
});

test("a package is imported only where it belongs", () => {
  const wrong = all
    .map((entry) => ({ ...entry, allowed: packages[entry.specifier] }))
    .filter(({ file, allowed }) => allowed && !allowed.some((place) => file.startsWith(place)));
  expect(wrong).toEqual([]);
});

test("onnxruntime-node is known to the graph of each device, to the one that chains guesses, to what opens a GPU and to the cache that stays on one", () => {
  const files = new Set(
    all.filter(({ specifier }) => specifier === "onnxruntime-node").map(({ file }) => file),
  );
  expect([...files].toSorted()).toEqual([
    "engine/graph/chain.ts",
    "engine/graph/onnx-graph.ts",
    "engine/graph/webgpu-adapter.ts",
    "engine/graph/webgpu-cache.ts",
    "engine/graph/webgpu-graph.ts",
  ]);
});

test("what knows the engine's settings, or speaks to its process, loads no native library", () => {
  const reached = new Set<string>();
  const reach = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const to of loadedBy(file)) reach(to);
  };
  for (const entry of ["cli/main.ts", "index.ts", "engine/index.ts"]) reach(entry);
  expect(reached.size).toBeGreaterThan(50);
  expect(reached).not.toContain("onnxruntime-node");
  expect([...reached].filter((file) => file.startsWith("engine/graph/"))).toEqual([]);
});

/** What a file loads as it is loaded itself: types and `import()` are left out. */
function loadedBy(file: string): string[] {
  if (!file.endsWith(".ts")) return [];
  const text = readFileSync(join(source, file), "utf8");
  const names = [...text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^;"]*?\sfrom\s+)?"([^"]+)";/gm)];
  return names.map(([, name = ""]) =>
    name.startsWith(".") ? relative(source, resolve(source, dirname(file), name)) : name,
  );
}

test("only the command line and the engine's child touch arguments, environment and exit", () => {
  const touching = sourceFiles().filter((file) =>
    /process\.(?:argv|env|exit\b|exitCode)/.test(readFileSync(join(source, file), "utf8")),
  );
  expect(touching.filter((file) => !/^cli\/|^engine\/process\/child|^no-telemetry/.test(file))).toEqual([]);
});

test("no source file has more than 250 lines", () => {
  const long = sourceFiles().filter(
    (file) => readFileSync(join(source, file), "utf8").split("\n").length > 251,
  );
  expect(long).toEqual([]);
});

test("every folder is a room of the house", () => {
  const rooms = new Set(
    sourceFiles()
      .filter((file) => file.includes("/"))
      .map(folderOf),
  );
  expect([...rooms].filter((room) => !(room in arrows))).toEqual([]);
});
