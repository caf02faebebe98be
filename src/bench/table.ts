/**
 * Columns of text, numbers to the right, under a header and a rule.
 * @param header a title may have several lines
 */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const titles = header.map((title) => title.split("\n"));
  const height = Math.max(...titles.map((lines) => lines.length));
  const heads = Array.from({ length: height }, (_, line) =>
    titles.map((lines) => lines[line - height + lines.length] ?? ""),
  );
  const widths = header.map((_, column) =>
    Math.max(...[...heads, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const numeric = header.map((_, column) =>
    rows.every((row) => /^[-~±\d.,]*(%|x| [kMG]B)?$/.test(row[column] ?? "")),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [...heads.map(line), rule, ...rows.map(line)].join("\n");
}

/** A number with as many decimals as three significant digits need, at most two. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "";
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
