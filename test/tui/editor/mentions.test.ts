import { expect, test } from "vitest";
import { escaped, mentionAt, mentioned, mentionsIn, unescaped } from "../../../src/tui/editor/mentions.ts";

test.for([
  ["see @src/a.ts and @./LICENSE.", ["src/a.ts", "./LICENSE"]],
  ['@"my file.txt", @~/x.md?', ["my file.txt", "~/x.md"]],
  ["(@a.ts) @a.ts", ["a.ts"]],
  ["@日本/ü.txt", ["日本/ü.txt"]],
  ["me@home.org and @Makefile.", ["Makefile"], ["Makefile"]],
  ["@Override and @app.route('/') in @src/a.ts(12)", ["Override"], ["Override"]],
  ['@notes is @"notes", @todo', ["notes", "todo"], ["todo"]],
  ["\\@a.ts stays text", []],
  ["@\uFDD0", []],
] as const)("%j mentions %j", ([text, files, perhaps = []]) => {
  expect(mentionsIn(text)).toEqual({ files, perhaps });
});

test.for([
  ["@a.b and \\@c.d", "\\@a.b and \\\\@c.d"],
  ["me@home.org @home (@~/x)", "me@home.org \\@home (\\@~/x)"],
  ['@"a @b.c d"', '\\@"a \\@b.c d"'],
] as const)("%j is typed as %j where it names no file", ([text, typed]) => {
  expect(escaped(text, () => false)).toBe(typed);
  expect(mentionsIn(typed).files).toEqual([]);
  expect(unescaped(typed)).toBe(text);
});

test("a path is being typed behind an @ that begins a word", () => {
  expect(mentionAt("see @src/a", 10)).toEqual({ typed: "src/a", from: 5 });
  expect(mentionAt("see @", 5)).toEqual({ typed: "", from: 5 });
  expect(mentionAt('see @"my fi', 11)).toEqual({ typed: "my fi", from: 5 });
  expect(mentionAt("see @src/a b", 12)).toBeUndefined();
  expect(mentionAt("me@home", 7)).toBeUndefined();
});

test("what a list puts behind the @ is a mention", () => {
  for (const path of ["src/a.ts", "LICENSE", "my file.txt", "a (1).ts", "~/x", "it's"])
    expect(mentionsIn(`@${mentioned(path)}`).files).toEqual([path]);
  expect(mentioned("src/")).toBe("src/");
  expect(mentioned("my dir/")).toBe('"my dir/');
});
