/** y = x × factor + offset, and back. Both give the number that a person would write: 3 × 0.1 is 0.3, 77 °F is 25 °C. */
export interface Linear {
  readonly apply: (value: number) => number;
  readonly invert: (value: number) => number;
}

/** x × numerator / denominator + offset. A short decimal becomes a fraction of whole numbers, since only the last step rounds then. */
export function linear(numerator: number, denominator: number, offset: number): Linear {
  const above = fraction(numerator);
  const below = fraction(denominator);
  const up = above.whole * below.parts;
  const down = above.parts * below.whole;
  if (offset === 0) {
    if (up === down) return { apply: (value) => value, invert: (value) => value };
    return { apply: (value) => (value * up) / down, invert: (value) => whole((value * down) / up) };
  }
  const grid = gridFor(offset);
  const backGrid = gridFor((offset * down) / up);
  return {
    apply: (value) => snap((value * up) / down + offset, grid),
    invert: (value) => whole(snap(((value - offset) * down) / up, backGrid)),
  };
}

/** The decimal as whole / parts where it has few digits: 0.1 is 1 / 10. */
function fraction(value: number): { whole: number; parts: number } {
  const decimals = /^-?\d+\.(\d{1,12})$/.exec(String(value))?.[1]?.length ?? 0;
  const parts = 10 ** decimals;
  return decimals === 0 ? { whole: value, parts } : { whole: Math.round(value * parts), parts };
}

/** Steps per one in which a sum with this offset is exact to a double's 15 digits. */
function gridFor(offset: number): number {
  return 10 ** (15 - Math.ceil(Math.log10(Math.abs(offset))));
}

/** Removes what cancellation against the offset left behind the last meaningful digit. */
function snap(value: number, grid: number): number {
  const steps = value * grid;
  return Math.abs(steps) < Number.MAX_SAFE_INTEGER ? Math.round(steps) / grid : value;
}

/** A device that counts is sent whole counts: what missed one by the last digits of a double is that one. */
function whole(value: number): number {
  const count = Math.round(value);
  return Math.abs(value - count) <= Math.abs(value) * 1e-15 ? count : value;
}
