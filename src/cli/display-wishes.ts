import type { DisplayWishes } from "../tui/index.ts";
import type { ScreenSettings } from "./screen-knobs.ts";

/** What was asked of the screen, as the screen's part of the program takes it. */
export function wishesOf({
  theme,
  ascii,
  motion,
  view,
  heat,
  plain,
  screenReader,
}: Partial<ScreenSettings>): DisplayWishes {
  return {
    ...(theme !== undefined && { theme }),
    ...(ascii !== undefined && { ascii }),
    ...(motion !== undefined && { motion }),
    ...(view !== undefined && { view }),
    ...(heat !== undefined && { heat }),
    ...(plain !== undefined && { markdown: !plain }),
    ...(screenReader !== undefined && { screenReader }),
  };
}
