/**
 * What the interface costs, on a terminal of 80x24: its processor time while an answer is being decoded, and the speed
 * of the same answer on the screen and into a file, in turns.
 * usage: npm run bench:screen [-- ROUNDS]
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { keys, ownFolders, project, PseudoTerminal } from "../test/real/pseudo-terminal.ts";

const rounds = Number(process.argv[2] ?? 5);
const program = join(project, "bin/sdar-chat.js");
const question = "Write a story about a fox and a river.";
const length = ["--max-tokens", "200"];
/** Rows enough that two cores decode about 30 steps a second, each with many slots: more work than most answers are. */
const about30Steps = ["--strategy", "sequential", "--block-length", "32"];
/** Ticks of /proc/PID/stat in a second. */
const ticks = 100;

interface Answered {
  readonly tokensPerSecond: number;
  /** denoising steps a second */
  readonly stepsPerSecond: number;
  /** share of a core that the interface's process took while the answer was being decoded */
  readonly share: number;
}

function processorSeconds(pid: number): number {
  const [, , ...fields] = readFileSync(`/proc/${pid}/stat`, "utf8").split(/\) | /);
  return (Number(fields[10]) + Number(fields[11])) / ticks;
}

async function onScreen(argv: readonly string[]): Promise<Answered> {
  const terminal = new PseudoTerminal(process.execPath, [program, "--no-save", ...length, ...argv], {
    env: { ...ownFolders(), COLORTERM: "truecolor" },
  });
  const { pid } = terminal.child;
  await terminal.until((window) => /^> message/m.test(window) && !/^loading/m.test(window));
  await terminal.press(question, keys.enter);
  await terminal.until(/^block \d/m);
  const [began, before] = [performance.now(), processorSeconds(pid)];
  await terminal.until((window) => !/^(?:block|reading)/m.test(window), 300_000);
  const [seconds, spent] = [(performance.now() - began) / 1000, processorSeconds(pid) - before];
  await terminal.press("/stats", keys.enter);
  await terminal.until(/passes a second/);
  const rate = (name: string) => Number(new RegExp(`${name} +([\\d.]+)`).exec(terminal.page())?.[1]);
  terminal.child.kill("SIGTERM");
  await terminal.exit;
  return {
    tokensPerSecond: rate("tokens a second"),
    stepsPerSecond: rate("passes a second"),
    share: spent / seconds,
  };
}

function intoFile(): number {
  const { stderr } = spawnSync(process.execPath, [program, "ask", "--stats", ...length, question], {
    encoding: "utf8",
    env: { ...process.env, ...ownFolders() },
  });
  return Number(/([\d.]+) tokens\/s/.exec(stderr)?.[1]);
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const percent = (share: number) => `${(100 * share).toFixed(1)}%`;

const slow: Answered[] = [];
const fast: Answered[] = [];
const files: number[] = [];
for (let round = 0; round < rounds; round++) {
  files.push(intoFile());
  fast.push(await onScreen([]));
  slow.push(await onScreen(about30Steps));
  console.error(
    `round ${round + 1} of ${rounds}: file ${files.at(-1)}, screen ${fast.at(-1)?.tokensPerSecond}`,
  );
}
const of = (all: readonly Answered[], key: keyof Answered) => median(all.map((each) => each[key]));
const ratio = median(
  fast.map(({ tokensPerSecond }, index) => tokensPerSecond / (files[index] ?? Number.NaN)),
);
console.log(`kept tokens a second, medians of ${rounds} rounds in turns:`);
console.log(`  into a file    ${median(files).toFixed(1)}`);
console.log(`  on the screen  ${of(fast, "tokensPerSecond").toFixed(1)}  ${ratio.toFixed(3)}x`);
console.log("processor time of the interface's process, share of a core:");
for (const all of [slow, fast])
  console.log(`  at ${of(all, "stepsPerSecond").toFixed(0)} steps a second  ${percent(of(all, "share"))}`);
