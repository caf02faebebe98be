/** An axis: the range that the ticks span, and the ticks. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** decimals that tell the ticks apart */
  readonly decimals: number;
}

/** Round ticks (1, 2 or 5 times a power of ten apart) around the values, about `count` of them. */
export function scaleFor(values: readonly number[], count = 5): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const width = high - low || Math.abs(high) * 0.2 || 1;
  const step = roundStep(width / count);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toFixed(decimals)),
  );
  return { from: ticks[0] ?? 0, to: ticks.at(-1) ?? 1, ticks, decimals };
}

function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const lead = step / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}
