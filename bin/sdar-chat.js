#!/usr/bin/env node
// Plain JavaScript that any Node can parse, so that an old Node gets a sentence and not a stack trace.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(
    `sdar-chat needs Node 22.12 or newer; this is Node ${process.versions.node}. Install a current Node (https://nodejs.org) and run it again.`,
  );
  process.exit(1);
}
// Compiled code is kept between runs: a quarter of the start-up's time.
const { enableCompileCache } = await import("node:module");
enableCompileCache();
const { main } = await import("../dist/cli/main.js");
await main(process.argv);
