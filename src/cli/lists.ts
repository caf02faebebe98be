import { UserError } from "../errors.ts";

/** "1,2,3" as whole numbers, 0 or more. @throws UserError usage */
export function wholeNumbers(text: string, source: string): number[] {
  const parts = text.split(",").map((part) => part.trim());
  const wrong = parts.find((part) => !/^\d+$/.test(part) || !Number.isSafeInteger(Number(part)));
  if (wrong === undefined) return parts.map(Number);
  throw new UserError(
    "usage",
    `${source} must be whole numbers with commas between them, such as 1,2,3, not "${text}".`,
  );
}
