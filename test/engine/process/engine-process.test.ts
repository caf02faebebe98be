import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openEngine, openEngineProcess, type EngineEvent } from "../../../src/engine/index.ts";
import { ChildHandle } from "../../../src/engine/process/child-handle.ts";
import { ProcessEngine } from "../../../src/engine/process/engine-process.ts";
import { formulaModel, type Formula } from "../../synthetic/formula-model.ts";
import { endOf, eventsOf, expectedText, finish, ofType, settingsWith } from "../../synthetic/running.ts";

const formula: Formula = {
  vocabulary: 101,
  script: Array.from({ length: 6000 }, (_, position) => position * 6 + 3),
};
const folder = await formulaModel(formula);
const options = { device: "cpu", threads: 1 } as const;
const engine = await openEngineProcess(folder, options);
const prompt = [3, 4, 5, 6, 7];
const long = { promptIds: prompt, settings: settingsWith({ maxTokens: 5000 }), stopTokenIds: [] };
const short = { ...long, settings: settingsWith({ maxTokens: 12 }) };

afterAll(() => engine.close());

function isRunning(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function ended(pid: number | undefined): Promise<boolean> {
  for (let tries = 0; tries < 500 && isRunning(pid); tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return !isRunning(pid);
}

/** Calls `act` at the nth denoised event. */
function atStep(nth: number, act: () => unknown) {
  let seen = 0;
  return (event: EngineEvent) => {
    if (event.type === "denoised" && ++seen === nth) act();
  };
}

const withoutTimes = (events: readonly EngineEvent[]) =>
  events.map((event) => ({
    ...event,
    milliseconds: 0,
    ...(event.type === "denoised" ? { elapsed: 0 } : {}),
  }));

test("an engine in a process of its own says what one in this process says, event by event", async () => {
  const here = await openEngine(folder, options);
  expect(withoutTimes(await eventsOf(engine, short))).toEqual(withoutTimes(await eventsOf(here, short)));
  expect(engine.info.model).toEqual(here.info.model);
  await here.close();
});

test("an abort ends the generation soon, and the next one reuses its cache", async () => {
  const abort = new AbortController();
  const events = await eventsOf(
    engine,
    { ...long, signal: abort.signal },
    atStep(20, () => abort.abort()),
  );
  expect(endOf(events).reason).toBe("aborted");
  expect(ofType(events, "denoised").length).toBeLessThan(2000);
  const { ids, borders } = endOf(events);
  const promptIds = [...prompt, ...ids];
  const next = await eventsOf(engine, { ...short, promptIds, borders });
  expect(endOf(next).ids).toEqual(expectedText(promptIds, formula, 12));
  expect(ofType(next, "prefilled")[0]?.reusedTokens).toBeGreaterThan(8);
});

test("a signal that was aborted before means no pass", async () => {
  const end = await finish(engine, { ...long, signal: AbortSignal.abort() });
  expect(end).toMatchObject({ reason: "aborted", ids: [] });
});

test("a reader that leaves ends the generation", async () => {
  for await (const event of engine.generate(long)) if (event.type === "denoised") break;
  expect((await finish(engine, short)).ids).toEqual(expectedText(prompt, formula, 12));
});

test("an adjustment reaches the running generation", async () => {
  const events = await eventsOf(
    engine,
    { ...long, settings: settingsWith({ maxTokens: 1500 }) },
    atStep(1, () => engine.adjust({ blockLength: 8 })),
  );
  expect(ofType(events, "block_opened").at(-1)?.settings.blockLength).toBe(8);
});

test("errors keep their kind and message across the processes", async () => {
  await expect(finish(engine, { ...short, promptIds: [] })).rejects.toMatchObject({
    name: "UserError",
    kind: "usage",
  });
  const promptIds = Array.from({ length: 6000 }, () => 9);
  await expect(finish(engine, { ...short, promptIds })).rejects.toMatchObject({ kind: "context-full" });
  expect((await finish(engine, short)).reason).toBe("length");
});

test("a process killed in mid-answer rejects that answer only, and the next one starts another", async () => {
  const { pid } = engine;
  const seen: EngineEvent[] = [];
  const act = atStep(10, () => process.kill(pid ?? 0, "SIGKILL"));
  const answer = eventsOf(engine, long, (event) => {
    seen.push(event);
    act(event);
  });
  await expect(answer).rejects.toMatchObject({ kind: "engine" });
  await expect(answer).rejects.toThrow(/SIGKILL/);
  expect(ofType(seen, "denoised").length).toBeGreaterThanOrEqual(10);
  const { ids } = await finish(engine, short);
  expect(ids).toEqual(expectedText(prompt, formula, 12));
  expect(engine.pid).not.toBe(pid);
});

test("a process that hangs can be ended: its answer is rejected with a sentence, and the next one starts another", async () => {
  const { pid } = engine;
  const hang = atStep(3, () => {
    if (pid !== undefined) process.kill(pid, "SIGSTOP");
    engine.kill();
  });
  await expect(eventsOf(engine, long, hang)).rejects.toMatchObject({
    kind: "engine",
    message: "The engine was ended. The next message starts it again.",
  });
  expect(await ended(pid)).toBe(true);
  expect(endOf(await eventsOf(engine, short)).ids).toEqual(expectedText(prompt, formula, 12));
});

test("a process killed between two answers is replaced without a word", async () => {
  const { pid } = engine;
  process.kill(pid ?? 0, "SIGKILL");
  await ended(pid);
  expect((await finish(engine, short)).ids).toEqual(expectedText(prompt, formula, 12));
});

test("a knob turned while a process is replaced counts for the whole answer", async () => {
  process.kill(engine.pid ?? 0, "SIGKILL");
  await ended(engine.pid);
  const answer = eventsOf(engine, { ...long, settings: settingsWith({ maxTokens: 40 }) });
  await new Promise((resolve) => setImmediate(resolve));
  engine.adjust({ blockLength: 8 });
  const opened = ofType(await answer, "block_opened");
  expect(new Set(opened.map(({ settings }) => settings.blockLength))).toEqual(new Set([8]));
});

test("recorded steps that no knob could have set are refused, and the engine goes on", async () => {
  const again = [{ asking: "block", settings: settingsWith({ blockLength: 0 }) }] as const;
  await expect(finish(engine, { ...short, again })).rejects.toMatchObject({
    kind: "usage",
    message: "block-length must be a whole number, 1..256, not 0.",
  });
  expect((await finish(engine, short)).ids).toEqual(expectedText(prompt, formula, 12));
});

/** Says that its GPU failed, as a process does that goes on on the CPU. */
class LeavingItsGpu extends ChildHandle {
  override async generate(...[request, emit]: Parameters<ChildHandle["generate"]>) {
    emit([{ type: "device_changed", device: "cpu", reason: "The GPU failed." }]);
    await super.generate(request, emit);
  }
}

test("after a GPU failed in a process the next one computes on the CPU, without a word", async () => {
  const child = new LeavingItsGpu();
  const info = await child.open(folder, options);
  const onGpu = { ...info, device: "webgpu" } as const;
  const own = new ProcessEngine(folder, { ...options, device: "webgpu" }, child, onGpu);
  await finish(own, short);
  process.kill(own.pid ?? 0, "SIGKILL");
  await ended(own.pid);
  const events = await eventsOf(own, short);
  expect(ofType(events, "device_changed")).toEqual([]);
  expect(own.info).toMatchObject({ device: "cpu", deviceReason: "The GPU failed." });
  await own.close();
});

test("closing in mid-answer ends the answer and leaves no process", async () => {
  const own = await openEngineProcess(folder, options);
  let closed: Promise<void> | undefined;
  const events = await eventsOf(
    own,
    long,
    atStep(5, () => (closed = own.close())),
  );
  expect(endOf(events).reason).toBe("aborted");
  await closed;
  expect(isRunning(own.pid)).toBe(false);
  await expect(finish(own, short)).rejects.toThrow(/closed/);
});

test("closing ends a process that hangs in mid-answer too", async () => {
  const own = await openEngineProcess(folder, options);
  let closed: Promise<void> | undefined;
  const hang = atStep(3, () => {
    process.kill(own.pid ?? 0, "SIGSTOP");
    closed = own.close();
  });
  await expect(eventsOf(own, long, hang)).rejects.toMatchObject({ kind: "engine" });
  await closed;
  expect(isRunning(own.pid)).toBe(false);
}, 30_000);

test("a folder that is no model rejects and leaves no process", async () => {
  const nowhere = openEngineProcess(join(folder, "nowhere"), options);
  await expect(nowhere).rejects.toMatchObject({ kind: "model-missing" });
});

test.for(["in mid-answer", "at rest"])(
  "the process ends by itself when its parent is killed %s",
  async (when) => {
    const parent = spawn(process.execPath, [join(import.meta.dirname, "orphaning-parent.ts"), folder, when], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(parent.stdout, "data");
    const pid = Number(String(line));
    expect(isRunning(pid)).toBe(true);
    parent.kill("SIGKILL");
    expect(await ended(pid)).toBe(true);
  },
);
