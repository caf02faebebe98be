import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { build } from "rolldown";

/*
 * What draws the screen becomes one file, with Ink and React in it: importing their several hundred files one by one took
 * a third of the time to the first frame. Everything else stays as the compiler wrote it.
 */
const compiled = join(import.meta.dirname, "../dist");
const screen = join(compiled, "tui");

/** What only developers of React look into; Ink imports it when it is asked to, and it is not installed. */
const developersOnly = "react-devtools-core";

await build({
  logLevel: "warn",
  input: join(screen, "index.js"),
  platform: "node",
  // React checks its own use at every frame unless it is told that nobody develops here: half of what a frame costs.
  transform: { define: { "process.env.NODE_ENV": '"production"', "process.env.DEV": '"false"' } },
  external: (id, importer) => id.startsWith("node:") || isOtherPart(id, importer),
  plugins: [
    {
      name: "without what only developers look into",
      resolveId: (id) => (id === developersOnly ? id : undefined),
      load: (id) => (id === developersOnly ? "export default {}" : undefined),
    },
  ],
  output: { dir: screen, format: "esm", entryFileNames: "index.js", chunkFileNames: "bundle-[name].js" },
});

/** Another part of the program has one copy, which all share: errors are told apart by their class. */
function isOtherPart(id: string, importer: string | undefined): boolean {
  const path = isAbsolute(id) || importer === undefined ? id : resolve(dirname(importer), id);
  return (isAbsolute(id) || id.startsWith(".")) && isIn(compiled, path) && !isIn(screen, path);
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(folder + sep);
}
