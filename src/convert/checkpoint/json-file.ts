import { readFile } from "node:fs/promises";
import { z } from "zod";
import { messageOf, UserError } from "../../errors.ts";

/**
 * A JSON file of a checkpoint, or undefined if there is none.
 * @throws UserError model-invalid if it is no JSON or not of the form that `schema` asks for
 */
export async function readJson<T extends z.ZodType>(
  path: string,
  schema: T,
): Promise<z.infer<T> | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw new UserError("file", `Can't read ${path}: ${messageOf(error)}.`, { cause: error });
  });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw unusable(path, cause);
  }
}

/** The same for content that was read already. */
export function checkJson<T extends z.ZodType>(path: string, content: unknown, schema: T): z.infer<T> {
  const { success, data, error } = schema.safeParse(content);
  if (success) return data;
  throw unusable(path, error);
}

function unusable(path: string, cause: unknown): UserError {
  return new UserError("model-invalid", `${path} ${whatIsWrong(cause)}.`, { cause });
}

function whatIsWrong(cause: unknown): string {
  const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined;
  if (!issue) return "is no valid JSON: copy or download it again";
  return `has no usable ${issue.path.join(".") || "content"} (${issue.message})`;
}
