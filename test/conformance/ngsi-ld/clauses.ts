import { chapter4 } from "./clauses/chapter-4.ts";
import { chapter5 } from "./clauses/chapter-5.ts";
import { chapter6 } from "./clauses/chapter-6.ts";

export interface Clause {
  readonly number: string;
  /** What it is about, in our own words. */
  readonly about: string;
}

/** Every clause of GS CIM 009 v1.9.1 that gets a line in the ledger; headings, introductions and diagrams get none. */
export const clauses: readonly Clause[] = [chapter4, chapter5, chapter6].flatMap((text) =>
  text
    .trim()
    .split("\n")
    .map((line) => ({ number: line.slice(0, line.indexOf(" ")), about: line.slice(line.indexOf(" ") + 1) })),
);

/** Whether `inner` is `outer` or lies below it: 5.6.1.4 lies in 5.6.1. */
export function liesIn(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`);
}
