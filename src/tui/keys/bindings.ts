import { pickSlot } from "../inspect/opening.ts";
import { nextHeat } from "../store/heat.ts";
import { noteOn } from "../store/notices.ts";
import { update, type ChatState, type NoteLine, type Update } from "../store/state.ts";
import { piece } from "../text/row.ts";
import type { Binding, KeyAction } from "./binding.ts";
import { nextBound, nextStrategy, turnedBy, turnKnob } from "../store/knobs.ts";
import {
  closeKnobRow,
  enterKnobRow,
  eraseTyped,
  escapeKnobRow,
  interruptKnobRow,
  openKnobRow,
  pickKnob,
  turnPicked,
} from "./knob-row.ts";
import { clearOrQuit, endOrDelete, escape } from "./leaving.ts";
import { replayLast } from "../replay/opening.ts";
import { closeList, complete, enterInList, inList, pageInList } from "./lists.ts";
import { leaveEmptySearch, leaveSearch, search, takeFound, typeInSearch } from "./search.ts";
import { changing, compose, doing, enter, vertically } from "./prompt.ts";

/** Every key, in the order of `?`. Only what every terminal sends. */
export const bindings: readonly Binding[] = [
  bind(["enter"], "", "", enterKnobRow),
  bind(["esc"], "", "", escapeKnobRow),
  bind(["ctrl+c"], "", "", interruptKnobRow),
  bind(["tab"], "", "", closeKnobRow),
  bind(["left", "ctrl+b"], "", "", pickKnob(-1)),
  bind(["right", "ctrl+f"], "", "", pickKnob(1)),
  bind(["up", "ctrl+p"], "", "", turnPicked(1)),
  bind(["down", "ctrl+n"], "", "", turnPicked(-1)),
  bind(["backspace"], "", "", eraseTyped),
  bind(["enter", "tab"], "", "", takeFound),
  bind(["esc", "ctrl+g", "ctrl+c"], "", "", leaveSearch),
  bind(["ctrl+d"], "", "", leaveEmptySearch),
  bind(["?"], "", "", typeInSearch("?")),
  bind(["enter"], "", "", enterInList),
  bind(["esc"], "", "", closeList),
  bind(["up", "ctrl+p"], "", "", inList(-1)),
  bind(["down", "ctrl+n"], "", "", inList(1)),
  bind(["pageup"], "", "", pageInList(-1)),
  bind(["pagedown"], "", "", pageInList(1)),
  bind(["enter"], "Enter", "send; while an answer is being decoded, queue", enter),
  bind(
    ["ctrl+j", "alt+enter", "shift+enter", "ctrl+enter"],
    "Ctrl-J, Alt-Enter",
    "new line; also a backslash before Enter",
    doing({ type: "insert", text: "\n" }),
  ),
  bind(
    ["esc"],
    "Esc",
    "stop the answer; what is resolved up to the first mask stays; twice on an empty prompt: edit an earlier message",
    escape,
  ),
  bind(
    ["ctrl+c"],
    "Ctrl-C",
    "stop, else clear the prompt, else twice: leave, or end an engine that hangs",
    clearOrQuit,
  ),
  bind(["ctrl+d"], "Ctrl-D", "leave, on an empty prompt", endOrDelete),
  bind(
    ["alt+up"],
    "Alt-Up, Alt-Down",
    "threshold, draft threshold or entropy budget, .05 up or down",
    turning((state) => nextBound(state, 1)),
  ),
  bind(
    ["alt+down"],
    "",
    "",
    turning((state) => nextBound(state, -1)),
  ),
  bind(
    ["alt+left", "alt+b"],
    "Alt-Left, Alt-Right",
    "block length, on an empty prompt",
    onEmpty(turning((state) => turnedBy(state, "blockLength", -1))),
  ),
  bind(["alt+right", "alt+f"], "", "", onEmpty(turning((state) => turnedBy(state, "blockLength", 1)))),
  bind(["shift+tab"], "Shift-Tab", "next strategy", turning(nextStrategy)),
  bind(
    ["ctrl+t"],
    "Ctrl-T",
    "heat: colours of doubt off, in what can still change, or kept in the text",
    nextHeat,
  ),
  bind(["left"], "", "", pickSlot(-1)),
  bind(["right"], "", "", pickSlot(1)),
  bind(["up", "ctrl+p"], "Up, Down", "move, then through earlier messages", vertically(-1)),
  bind(["down", "ctrl+n"], "", "", vertically(1)),
  bind(
    ["tab"],
    "Tab, on an empty prompt",
    "the knobs: Left and Right pick, Up and Down change, type a value, p turns the dial, Esc done",
    openKnobRow,
  ),
  bind(
    ["tab"],
    "Tab",
    "complete a command, its values, a path behind @; on a pasted chip: show its text",
    complete,
  ),
  bind(["left", "ctrl+b"], "", "", doing({ type: "left" })),
  bind(["right", "ctrl+f"], "", "", doing({ type: "right" })),
  bind(["ctrl+a", "home"], "Ctrl-A, Ctrl-E", "start, end of the line", doing({ type: "home" })),
  bind(["ctrl+e", "end"], "", "", doing({ type: "end" })),
  bind(["alt+b", "ctrl+left", "alt+left"], "Alt-B, Alt-F", "word left, right", doing({ type: "wordLeft" })),
  bind(["alt+f", "ctrl+right", "alt+right"], "", "", doing({ type: "wordRight" })),
  bind(["ctrl+k"], "Ctrl-K, Ctrl-U", "cut to the end, start of the line", doing({ type: "killToEnd" })),
  bind(["ctrl+u"], "", "", doing({ type: "killToStart" })),
  bind(["ctrl+w"], "Ctrl-W, Alt-D", "cut the word to the left, right", doing({ type: "killSpacedWordLeft" })),
  bind(["alt+backspace"], "", "", doing({ type: "killWordLeft" })),
  bind(["alt+d"], "", "", doing({ type: "killWordRight" })),
  bind(["ctrl+y"], "Ctrl-Y", "put back what was cut", doing({ type: "yank" })),
  bind(["ctrl+_", "ctrl+-"], "Ctrl-_", "undo", doing({ type: "undo" })),
  bind(["backspace"], "", "", changing({ type: "backspace" })),
  bind(["delete"], "", "", doing({ type: "delete" })),
  bind(["ctrl+r"], "Ctrl-R", "search the history; again: older", search),
  bind(["ctrl+g"], "Ctrl-G", "write in your own editor ($VISUAL, $EDITOR)", compose),
  bind(["ctrl+o"], "Ctrl-O", "replay the last answer, step by step", replayLast),
  bind(["ctrl+l"], "Ctrl-L", "paint the screen again", (state) => update(state, { type: "repaint" })),
  bind(["ctrl+z"], "Ctrl-Z", "suspend; fg comes back", (state) => update(state, { type: "suspend" })),
  bind(["?"], "?", "these keys, on an empty prompt", onEmpty(showKeys)),
];

function bind(keys: readonly string[], shown: string, help: string, run: KeyAction): Binding {
  return { keys, shown, help, run };
}

/** The words of a search are no prompt, whether there are any or not. */
function onEmpty(run: KeyAction): KeyAction {
  return (state, context) =>
    state.editor.text === "" && state.search === undefined ? run(state, context) : undefined;
}

function turning(next: (state: ChatState) => Parameters<typeof turnKnob>[1] | undefined): KeyAction {
  return (state) => {
    const change = next(state);
    return change === undefined ? update(state) : turnKnob(state, change);
  };
}

/** Prints this table on the page. */
function showKeys(state: ChatState): Update {
  const rows = bindings.filter((each) => each.help !== "");
  const width = Math.max(...rows.map((each) => each.shown.length));
  const lines = rows.map((each): NoteLine => ({
    lead: [piece(each.shown.padEnd(width + 2))],
    text: [piece(each.help, "dim")],
  }));
  return update(
    noteOn(state, [...lines, { lead: [piece("/help".padEnd(width + 2))], text: [piece("commands", "dim")] }]),
  );
}

/** Does what a key is for; undefined if it is for nothing here. */
export function press(state: ChatState, name: string, width: number): Update | undefined {
  for (const binding of bindings) {
    const done = binding.keys.includes(name) ? binding.run(state, { width }) : undefined;
    if (done !== undefined) return done;
  }
  return undefined;
}
