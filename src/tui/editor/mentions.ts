/** `@path` or `@"path with spaces"` at the beginning of a word; a backslash before it keeps it as text. */
const mention = /(?<=^|[\s(])@(?:"([^"\n]+)"|([^\s@"'`()<>,;:!?*\uFDD0-\uFDEF]+))(?=$|[\s.,;:!?)])/g;

/** Names of the files that a prompt mentions, each once. What looks like no path is text: "@home", "@Override". */
export function mentionsIn(text: string): string[] {
  const names = Array.from(text.matchAll(mention), ([, quoted, plain = ""]) => quoted ?? pathIn(plain));
  return [...new Set(names.filter((name) => name !== ""))];
}

/** What was typed as it is meant: one backslash less before an "@" that is no mention. */
export function unescaped(typed: string): string {
  return typed.replaceAll(/(?<=^|[\s(])\\(\\*@)/g, "$1");
}

/** The text as it has to be typed: a backslash before each "@" that would else be read as a file. */
export function escaped(text: string, isFile: (name: string) => boolean): string {
  return withoutStrays(text.replaceAll(/(?<=^|[\s(])\\+@/g, "\\$&"), isFile);
}

/** Again and again, for a quoted mention may hide others. */
function withoutStrays(text: string, isFile: (name: string) => boolean): string {
  const less = text.replaceAll(mention, (whole: string, quoted?: string, plain = "") => {
    const name = quoted ?? pathIn(plain);
    return name === "" || isFile(name) ? whole : `\\${whole}`;
  });
  return less === text ? text : withoutStrays(less, isFile);
}

/** A word with a dot or a slash in it; the full stop behind it is none of its own. */
function pathIn(word: string): string {
  const name = word.replace(/\.+$/, "");
  return /[./~]/.test(name) ? name : "";
}

/** The path being typed before the cursor, and where it begins behind its "@". */
export function mentionAt(
  text: string,
  cursor: number,
): { readonly typed: string; readonly from: number } | undefined {
  const [, quoted, plain] =
    /(?:^|[\s(])@(?:"([^"\n]*)|([^\s@"'`()<>,;:!?*\uFDD0-\uFDEF]*))$/.exec(text.slice(0, cursor)) ?? [];
  if (quoted !== undefined) return { typed: quoted, from: cursor - quoted.length - 1 };
  return plain === undefined ? undefined : { typed: plain, from: cursor - plain.length };
}

/** A path as it stands behind "@". A folder is left open, to be gone on with. */
export function mentioned(path: string): string {
  const end = path.endsWith("/") ? "" : " ";
  if (!/^[^\s@"'`()<>,;:!?*]+$/.test(path)) return end === "" ? `"${path}` : `"${path}"${end}`;
  return /[./~]/.test(path) ? path + end : `./${path}${end}`;
}
