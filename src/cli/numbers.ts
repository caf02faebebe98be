import { UserError } from "../errors.ts";

/** "12" as a number. @throws UserError usage */
export function wholeNumber(text: string, source: string): number {
  if (isWhole(text)) return Number(text);
  throw new UserError("usage", `${source} must be a whole number, not "${text}".`);
}

/** "12" as a number of things, one at least. @throws UserError usage */
export function countOf(text: string, source: string, most = Infinity): number {
  const number = wholeNumber(text, source);
  if (number >= 1 && number <= most) return number;
  const range = most === Infinity ? "1 or more" : `1..${most}`;
  throw new UserError("usage", `${source} must be ${range}, not ${number}.`);
}

/** "1,2,3" as numbers. @throws UserError usage */
export function wholeNumbers(text: string, source: string): number[] {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.every(isWhole)) return parts.map(Number);
  throw new UserError(
    "usage",
    `${source} must be whole numbers with commas between them, such as 1,2,3, not "${text}".`,
  );
}

function isWhole(text: string): boolean {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text));
}
