/** Comma-separated values (RFC 4180): a header of the keys of the first row, numbers in full, NaN as nothing. */
export function csv(rows: readonly object[]): string {
  const names = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => new Map<string, unknown>(Object.entries(row)));
  const lines = [names, ...values.map((row) => names.map((name) => row.get(name)))];
  return lines.map((cells) => `${cells.map(field).join(",")}\r\n`).join("");
}

function field(value: unknown): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = typeof value === "string" ? value : "";
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
