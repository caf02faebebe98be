import { expect, test } from "vitest";
import { paletteFor, paintRow } from "../../../src/tui/paint/palette.ts";
import { rowText, type Form } from "../../../src/tui/text/row.ts";
import { read, readInParts } from "./markdowns.ts";

const texts = (text: string, width = 40) => read(text, width).map(rowText);

/** What stands in a form, in order. */
const formed = (text: string, form: Form) =>
  read(text, 80).flatMap((row) => row.filter(({ forms }) => forms?.includes(form)).map((each) => each.text));

test("emphasis loses its marks and keeps its meaning", () => {
  expect(texts("a **bold** and *leaning* _word_ ~~gone~~ ***both***", 80)).toEqual([
    "a bold and leaning word gone both",
  ]);
  expect(formed("a **bold *and* so**", "bold").join("")).toBe("bold and so");
  expect(formed("**a** *b* ***c***", "italic")).toEqual(["b", "c"]);
});

test("what only looks like emphasis stays as it is", () => {
  for (const text of ["2 * 3 * 4", "a_b_c", "5*3=15", "**unclosed", "* * x", "snake_case_name", "a ** b"]) {
    expect(texts(`x ${text}`)).toEqual([`x ${text}`]);
  }
  expect(texts("\\*not\\*")).toEqual(["*not*"]);
});

test("a mark that closes far away is text", () => {
  const far = `**${"word ".repeat(60)}end**`;
  expect(texts(far, 2000)).toEqual([far]);
});

test("code keeps its marks where no colour tells it from text", () => {
  expect(texts("run `npm **i**` now")).toEqual(["run npm **i** now"]);
  expect(formed("run `npm` now", "code")).toEqual(["npm"]);
  expect(read("run `npm` now", 40, { color: false }).map(rowText)).toEqual(["run `npm` now"]);
});

test("headings stand out and lose their marks", () => {
  expect(texts("# One\n## Two *x*\n####### seven\n#hash")).toEqual([
    "One",
    "Two x",
    "####### seven",
    "#hash",
  ]);
  expect(formed("# One", "title")).toEqual(["One"]);
  expect(formed("## Two", "bold")).toEqual(["Two"]);
});

test("the rule that underlines a heading is drawn below it", () => {
  expect(texts("Title\n=====\ntext", 10)).toEqual(["Title", "─".repeat(10), "text"]);
});

test("items hang, nest and keep their numbers", () => {
  const list = "- one two three four five\n  - inner\n    7. deep\n- last\n  goes on\n\nafter";
  expect(texts(list, 16)).toEqual([
    "• one two three",
    "  four five",
    "  • inner",
    "    7. deep",
    "• last",
    "  goes on",
    "",
    "after",
  ]);
});

test("a quote has a bar beside each of its rows", () => {
  expect(texts("> one two three four\n> > five", 12)).toEqual(["│ one two", "│ three four", "│ │ five"]);
});

test("code goes out unwrapped, without the indent of its fence", () => {
  const line = "const answer = await conversation.send(text, { signal });";
  expect(texts(`- see\n  \`\`\`ts\n  ${line}\n    x\n  \`\`\`\nend`, 20)).toEqual([
    "• see",
    "─── ts",
    line,
    "  x",
    "───",
    "end",
  ]);
});

test("nothing in code is Markdown", () => {
  expect(texts("```\n# a **b**\n\n\n- c\n~~~\n```", 20)).toEqual([
    "───",
    "# a **b**",
    "",
    "",
    "- c",
    "~~~",
    "───",
  ]);
});

test("a table fits its text, and the screen", () => {
  const table = "| a | num |\n|:--|---:|\n| one two three | 1 |\n| x | 200 |";
  expect(texts(table)).toEqual([
    "a             │ num",
    "──────────────┼────",
    "one two three │   1",
    "x             │ 200",
  ]);
  expect(texts(table, 13)).toEqual([
    "a       │ num",
    "────────┼────",
    "one two │   1",
    "three   │    ",
    "x       │ 200",
  ]);
});

test("where columns do not fit beside one another, cells stand below one another", () => {
  const head = "| a | bb | c | d |\n|-|-|-|-|\n";
  const rows = texts(`${head}| first one | second | third | fourth |`, 20);
  expect(rows).toEqual(["───", "a: first one", "bb: second", "c: third", "d: fourth", "───"]);
});

test("rows behind the eighth take the widths of those before", () => {
  const rows = Array.from(
    { length: 12 },
    (_, index) => `| ${index} | ${index === 11 ? "very very long" : "x"} |`,
  );
  const all = texts(`| n | t |\n|-|-|\n${rows.join("\n")}\n`);
  expect(all.slice(-2)).toEqual(["10   │ x", "11   │ very very long"]);
  expect(readInParts([`| n | t |\n|-|-|\n${rows.join("\n")}\n`, "end"], 40).map(rowText)).toEqual([
    ...all,
    "end",
  ]);
});

test("a link says where it leads, to the eye and to the terminal", () => {
  const [row = []] = read("see [docs](https://a.b/c) now", 60);
  expect(rowText(row)).toBe("see docs (https://a.b/c) now");
  expect(paintRow(row, paletteFor("16", "dark"))).toContain(
    "\u001B]8;;https://a.b/c\u001B\\\u001B[4mdocs\u001B[0m\u001B]8;;\u001B\\",
  );
  expect(paintRow(row, paletteFor("mono", "dark"))).not.toContain("]8;");
  expect(rowText(read("at https://a.b/c.", 60)[0] ?? [])).toBe("at https://a.b/c.");
});

test("only an address of the web is a link", () => {
  for (const target of ["javascript:alert(1)", "file:///etc/passwd", "https://a.b/\u001B]0;x\u0007"]) {
    expect(
      read(`[x](${target})`, 80).flatMap((row) => row.filter(({ link }) => link?.includes("\u001B"))),
    ).toEqual([]);
  }
  expect(read("[x](javascript:y)", 80)[0]?.some(({ link }) => link !== undefined)).toBe(false);
});

test("nesting without end stays on the screen", () => {
  const deep = Array.from({ length: 60 }, (_, index) => `${"  ".repeat(index)}- ${">".repeat(index)} x`).join(
    "\n",
  );
  for (const row of texts(deep, 20)) expect(row.length).toBeLessThanOrEqual(20);
});

test("a line far too long for emphasis to be looked for in it as a whole loses nothing", () => {
  const long = "some **bold** words and `code` that go on ".repeat(400);
  const plain = long.replaceAll(/\*\*|`/g, "");
  expect(texts(long, 60).join(" ").replaceAll(/\s+/g, " ").trim()).toBe(plain.trim());
  const parts = long.match(/[^]{1,37}/g) ?? [];
  expect(readInParts(parts, 60).map(rowText)).toEqual(texts(long, 60));
});

test("in whole lines prose breaks where the terminal breaks it", () => {
  const line = "- one **two** three four five six seven";
  expect(read(line, 12, { wrap: "terminal" }).map(rowText)).toEqual(["• one two three four five six seven"]);
});

test("narrow columns keep their words whole while there is room", () => {
  const table = "| Algorithm | Time |\n|---|---|\n| Quick | n log n |\n| x | y y y y y y y y y y |";
  expect(texts(table, 18)).toEqual([
    "Algorithm │ Time",
    "──────────┼───────",
    "Quick     │ n log",
    "          │ n",
    "x         │ y y y",
    "          │ y y y",
    "          │ y y y",
    "          │ y",
  ]);
});
