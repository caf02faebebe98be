import { UserError } from "../errors.ts";

export const busy = () =>
  new UserError("usage", "An answer is being decoded: stop it first, or wait until it is done.");

export const nothingAsked = () => new UserError("usage", "Nothing was asked yet.");
