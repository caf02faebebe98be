import type { Form } from "../text/row.ts";
import { tableFor, type ColorTable } from "./color-table.ts";
import type { ColorDepth, Theme } from "./palette.ts";

type Forms = Readonly<Record<Form, string>>;

const plain: Forms = {
  bold: "1",
  italic: "3",
  struck: "9",
  title: "1;4",
  code: "",
  link: "4",
  keyword: "1",
  string: "",
  number: "",
  name: "",
  comment: "2",
};

const rgb = (red: number, green: number, blue: number) => `38;2;${red};${green};${blue}`;

/** Greens and violets: no colour of doubt, which is blue to red, is among them. */
const colored: Readonly<Record<ColorTable, Pick<Forms, "code" | "keyword" | "name">>> = {
  "16": { code: "32", keyword: "1", name: "" },
  "256": { code: "38;5;114", keyword: "38;5;147", name: "38;5;151" },
  "256light": { code: "38;5;22", keyword: "38;5;55", name: "38;5;23" },
  dark: { code: rgb(143, 206, 143), keyword: rgb(189, 173, 250), name: rgb(175, 215, 190) },
  light: { code: rgb(32, 96, 32), keyword: rgb(98, 58, 170), name: rgb(0, 88, 76) },
};

/** SGR parameters of what Markdown says a text is; where there is no colour, by attributes alone. */
export function formsFor(depth: ColorDepth, theme: Theme): Forms {
  if (depth === "none") return mapped(plain, () => "");
  if (depth === "mono") return plain;
  const { code, keyword, name } = colored[tableFor(depth, theme)];
  return { ...plain, code, keyword, name, string: code, number: name };
}

function mapped(forms: Forms, change: (value: string) => string): Forms {
  return {
    ...forms,
    ...Object.fromEntries(Object.entries(forms).map(([name, value]) => [name, change(value)])),
  };
}
