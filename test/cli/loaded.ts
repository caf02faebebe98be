// Runs the program and says at the end, as the last line on standard error, which packages were loaded.
import { registerHooks } from "node:module";

const loaded = new Set<string>();
registerHooks({
  load: (url, context, next) => {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  },
});
process.on("exit", () => process.stderr.write(`${JSON.stringify([...loaded].toSorted())}\n`));
await import("./entry.ts");
