import type { Doubt } from "../settings.ts";
import { forecastBlocks, forecastSingle, type Forecast, type Outlook, type Way } from "./forecast.ts";
import { forecastWindows } from "./forecast-windows.ts";

/** What the dial may use. */
export interface AutoLimits {
  readonly doubt: Exclude<Doubt, "off">;
  /** ascending; without 1, one token at a time is no way that the model knows */
  readonly blockLengths: readonly number[];
  /** see Form */
  readonly commits: boolean;
  readonly sharesFirst: boolean;
  /** of a pass */
  readonly mostRows: number;
}

/** Whether the text of one token at a time may be asked for: by exact always, for that is what it means. */
export function mayGuessInOrder({ doubt, blockLengths }: AutoLimits): boolean {
  return doubt === "exact" || blockLengths.includes(1);
}

/** The ways that may be chosen from. */
export function waysOf(limits: AutoLimits): Way[] {
  const { doubt, blockLengths } = limits;
  const lengths = blockLengths.filter((length) => length > 1);
  const inOrder = mayGuessInOrder(limits);
  const windows = inOrder ? [1, ...lengths] : [];
  return [
    ...windows.map((blockLength): Way => ({ strategy: "self_speculative", blockLength })),
    ...(inOrder ? [] : lengths.slice(0, 1)).map((blockLength): Way => ({
      strategy: "sequential",
      blockLength,
    })),
    ...(doubt === "exact" ? [] : lengths).map((blockLength): Way => ({
      strategy: "low_confidence_dynamic",
      blockLength,
    })),
  ];
}

/** What a way would bring, for each of its bounds. */
export function forecast(outlook: Outlook, way: Way): Forecast[] {
  if (way.strategy === "low_confidence_dynamic") return forecastBlocks(outlook, way.blockLength);
  if (way.strategy === "sequential") return [forecastSingle(outlook, way, way.blockLength)];
  return way.blockLength === 1
    ? [forecastSingle(outlook, way, 1 + outlook.firstMaskRows)]
    : forecastWindows(outlook, way.blockLength);
}
