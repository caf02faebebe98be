import { createInterface } from "node:readline";
import { checkKnob, decodingKnobs, type DecodingSettings } from "../engine/index.ts";
import { messageOf, UserError } from "../errors.ts";
import { knownText } from "../nearest.ts";

/** What a script may ask of the answer that is being decoded. */
export interface Controls {
  /** @throws UserError usage */
  adjust(change: Partial<DecodingSettings>): void;
  stop(): void;
}

/**
 * Does what the lines of a stream say until it ends: {"type":"adjust","change":{"threshold":0.7}} and
 * {"type":"stop"}. A line that says anything else is complained about and changes nothing.
 * @returns ends the listening
 */
export function followCommands(
  input: NodeJS.ReadStream,
  controls: Controls,
  complain: (sentence: string) => void,
): () => void {
  const lines = createInterface({ input, terminal: false });
  let number = 0;
  lines.on("line", (line) => {
    number++;
    if (line.trim() === "") return;
    try {
      obey(line, controls);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      complain(`Line ${number} of the commands: ${error.message}`);
    }
  });
  return () => {
    lines.close();
    input.destroy();
  };
}

function obey(line: string, controls: Controls): void {
  const command = parsed(line);
  if (command["type"] === "stop") controls.stop();
  else if (command["type"] === "adjust") controls.adjust(changeOf(command["change"]));
  else throw new UserError("usage", 'It has no "type" of "adjust" or "stop".');
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(line), "It");
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError("usage", `It is not JSON: ${messageOf(error)}.`);
  }
}

function changeOf(change: unknown): Partial<DecodingSettings> {
  const names = decodingKnobs.map(({ key }) => key);
  const values = Object.entries(fieldsOf(change, '"change"')).map(([name, value]) => {
    const knob = decodingKnobs.find((each) => each.key === name || each.name === name);
    if (knob === undefined)
      throw new UserError("usage", `There is no setting "${name}". ${knownText(name, names)}`);
    return [knob.key, checkKnob(knob, value, knob.key)];
  });
  return Object.fromEntries(values);
}

function fieldsOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  throw new UserError("usage", `${what} is no JSON object.`);
}
