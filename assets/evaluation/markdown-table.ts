export function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}

export function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [lineOf(header), `|${"---|".repeat(header.length)}`, ...rows.map(lineOf)].join("\n");
}

export function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
