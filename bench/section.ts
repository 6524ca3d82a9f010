import type { Figure } from "./report/figure.ts";

export interface SectionOptions {
  /** A short run: to see that the benchmark works, not to quote. */
  readonly quick: boolean;
  /** A folder of its own that is removed afterwards. */
  readonly folder: string;
  /** Tells what is going on, on stderr. */
  readonly say: (line: string) => void;
}

/** A part of the benchmark that can be run by itself. */
export interface Section {
  readonly name: string;
  run(options: SectionOptions): Promise<readonly Figure[]>;
}
