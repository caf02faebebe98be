/** Entry of the engine's process: one model, one generation at a time, ended by its parent's end. */
import { openEngine, type LocalEngine } from "../local-engine.ts";
import { packError, type FromChild, type ToChild } from "./messages.ts";

let engine: LocalEngine | undefined;
let generation = new AbortController();

function send(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

async function open({ folder, options }: Extract<ToChild, { type: "open" }>): Promise<void> {
  engine = await openEngine(folder, options);
  send({ type: "ready", info: engine.info });
}

async function generate({ request }: Extract<ToChild, { type: "generate" }>): Promise<void> {
  if (engine === undefined) throw new Error("generate before the model is open");
  generation = new AbortController();
  if (request.aborted) generation.abort();
  await engine.generateInto({ ...request, signal: generation.signal }, (events) =>
    send({ type: "events", events }),
  );
  send({ type: "done" });
}

async function handle(message: ToChild): Promise<void> {
  switch (message.type) {
    case "open":
      return await open(message);
    case "generate":
      return await generate(message);
    case "adjust":
      return engine?.adjust(message.change);
    case "abort":
      return generation.abort();
  }
}

process.on("message", (message: ToChild) => {
  handle(message).catch((error: unknown) => send({ type: "failed", error: packError(error) }));
});
process.on("disconnect", () => process.exit(0));
// Ctrl-C goes to every process of the terminal; this one ends when its parent does.
process.on("SIGINT", () => {});
