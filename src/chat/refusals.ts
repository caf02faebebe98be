import { UserError } from "../errors.ts";

export const busy = () =>
  new UserError("usage", "An answer is being decoded: stop it first, or wait until it is done.");

export const brokeOff = (file: string) =>
  new UserError(
    "usage",
    `The conversation ${file} broke off before its first message. /resume in a chat lists those there are.`,
  );

export const nothingAsked = () => new UserError("usage", "Nothing was asked yet: type a message first.");
