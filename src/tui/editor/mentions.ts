/** `@path` or `@"path with spaces"` at the beginning of a word; a backslash before it keeps it as text. */
const mention = /(?<=^|[\s(])@(?:"([^"\n]+)"|([^\s@"'`()<>,;:!?*\uFDD0-\uFDEF]+))(?=\.*(?:$|[\s,;:!?)]))/g;

/** What a prompt mentions. */
export interface Mentions {
  /** names of files, each once */
  readonly files: readonly string[];
  /** those of them that are mere words, and text where nothing is called so: "@Makefile", but "@home", "@Override" */
  readonly perhaps: readonly string[];
}

export function mentionsIn(text: string): Mentions {
  const found = Array.from(text.matchAll(mention), ([, quoted, plain]) => nameOf(quoted, plain));
  const sure = new Set(found.flatMap(({ name, isWord }) => (isWord ? [] : [name])));
  const files = [...new Set(found.map(({ name }) => name))].filter((name) => name !== "");
  return { files, perhaps: files.filter((name) => !sure.has(name)) };
}

/** What was typed as it is meant: one backslash less before an "@" that is no mention. */
export function unescaped(typed: string): string {
  return typed.replaceAll(/(?<=^|[\s(])\\(\\*@)/g, "$1");
}

/** Is it meant as a file? `isWord`: nothing else says so, as in Mentions.perhaps. */
type IsFile = (name: string, isWord: boolean) => boolean;

/** The text as it has to be typed: a backslash before each "@" that would else be read as a file. */
export function escaped(text: string, isFile: IsFile): string {
  return withoutStrays(text.replaceAll(/(?<=^|[\s(])\\+@/g, "\\$&"), isFile);
}

/** Again and again, for a quoted mention may hide others. */
function withoutStrays(text: string, isFile: IsFile): string {
  const less = text.replaceAll(mention, (whole: string, quoted?: string, plain?: string) => {
    const { name, isWord } = nameOf(quoted, plain);
    return name === "" || isFile(name, isWord) ? whole : `\\${whole}`;
  });
  return less === text ? text : withoutStrays(less, isFile);
}

/** The name in a mention, where a full stop behind it is none of its own. A dot or a slash in it makes it a path. */
function nameOf(quoted: string | undefined, plain = ""): { readonly name: string; readonly isWord: boolean } {
  if (quoted !== undefined) return { name: quoted, isWord: false };
  const name = plain.replace(/\.+$/, "");
  return { name, isWord: !/[./~]/.test(name) };
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
  return path + end;
}
