import type { HLJSApi, LanguageFn } from "highlight.js";
import type { Form } from "../text/row.ts";
import type { Highlight, Highlighted } from "./reading.ts";

type Grammar = () => Promise<{ readonly default: LanguageFn }>;

/** What code in answers is mostly written in; grammars bring their aliases ("ts", "sh", "py"). */
const grammars: Readonly<Record<string, Grammar>> = {
  bash: () => import("highlight.js/lib/languages/bash"),
  c: () => import("highlight.js/lib/languages/c"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  css: () => import("highlight.js/lib/languages/css"),
  go: () => import("highlight.js/lib/languages/go"),
  java: () => import("highlight.js/lib/languages/java"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  json: () => import("highlight.js/lib/languages/json"),
  python: () => import("highlight.js/lib/languages/python"),
  rust: () => import("highlight.js/lib/languages/rust"),
  sql: () => import("highlight.js/lib/languages/sql"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  xml: () => import("highlight.js/lib/languages/xml"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};

/** What is painted, by the beginning of the grammar's name for it. */
const forms: readonly (readonly [scope: string, form: Form | undefined])[] = [
  ["keyword", "keyword"],
  ["literal", "keyword"],
  ["selector", "keyword"],
  ["tag", "keyword"],
  ["string", "string"],
  ["regexp", "string"],
  ["char", "string"],
  ["number", "number"],
  ["comment", "comment"],
  ["doctag", "comment"],
  ["quote", "comment"],
  ["title", "name"],
  ["attr", "name"],
  ["name", "name"],
  ["built_in", "name"],
  ["type", "name"],
  ["meta", "name"],
  ["subst", undefined],
];

let loading: Promise<Highlight> | undefined;

/** Loads highlight.js and its grammars, once. */
export function loadHighlight(): Promise<Highlight> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Highlight> {
  const { default: library } = await import("highlight.js/lib/core");
  const api = library.newInstance();
  const loaded = await Promise.all(
    Object.entries(grammars).map(async ([name, grammar]) => [name, (await grammar()).default] as const),
  );
  for (const [name, grammar] of loaded) api.registerLanguage(name, grammar);
  return remembering((language, context, line) => highlightLine(api, language, context, line));
}

function highlightLine(
  api: HLJSApi,
  language: string,
  context: string,
  line: string,
): Highlighted | undefined {
  if (api.getLanguage(language) === undefined) return undefined;
  const result = api.highlight(`${context}${line}\n`, { language, ignoreIllegals: true });
  // A mode that lies in another is not over: the next line goes on in it.
  // oxlint-disable-next-line no-underscore-dangle -- it is told nowhere else
  const top = result._top as { readonly parent?: unknown } | undefined;
  return { parts: behind(partsOf(result.value), context.length), complete: top?.parent === undefined };
}

/** The newest lines' colours: a frame asks for those that it shows again. */
function remembering(highlight: Highlight): Highlight {
  const known = new Map<string, Highlighted | undefined>();
  return (language, context, line) => {
    const key = `${language}\n${context}${line}`;
    if (!known.has(key)) {
      if (known.size > 64) known.clear();
      known.set(key, highlight(language, context, line));
    }
    return known.get(key);
  };
}

type Part = Highlighted["parts"][number];

/** The library gives HTML: spans, and text with five entities. */
function partsOf(html: string): Part[] {
  const parts: Part[] = [];
  const open: (Form | undefined)[] = [];
  for (const [part, scope] of html.matchAll(/<span class="([^"]*)">|<\/span>|[^<]+/g)) {
    if (scope !== undefined) open.push(formOf(scope, open.at(-1)));
    else if (part.startsWith("<")) open.pop();
    else {
      const form = open.at(-1);
      parts.push(form === undefined ? { text: unescaped(part) } : { text: unescaped(part), form });
    }
  }
  return parts;
}

function formOf(scope: string, outer: Form | undefined): Form | undefined {
  const name = scope.replace("hljs-", "");
  const found = forms.find(([start]) => name.startsWith(start));
  return found === undefined ? outer : found[1];
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };

function unescaped(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => entities[name] ?? "");
}

/** The parts without the first `length` characters. */
function behind(parts: readonly Part[], length: number): Part[] {
  let left = length;
  return parts.flatMap((part) => {
    const text = part.text.slice(left);
    left = Math.max(0, left - part.text.length);
    return text === "" ? [] : [{ ...part, text }];
  });
}
