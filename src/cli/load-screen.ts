import type * as Screen from "../tui/index.ts";

/**
 * Loads the screen's part of the program. React decides while it is loaded whether to check its own use at every frame,
 * and does unless it is told that nobody develops here: that took half of what a frame costs.
 */
export async function loadScreen(): Promise<typeof Screen> {
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = before ?? "production";
  try {
    return await import("../tui/index.ts");
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
  }
}
