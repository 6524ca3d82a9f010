export type Quality = "good" | "uncertain" | "bad";

/** Ranks for "the worse of two": a derived signal is never better than what it is made of. */
const rank: Readonly<Record<Quality, number>> = { good: 0, uncertain: 1, bad: 2 };

export function worse(a: Quality, b: Quality): Quality {
  return rank[a] >= rank[b] ? a : b;
}
