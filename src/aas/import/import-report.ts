import type { Problem } from "../../core/errors.ts";

/** How documents of a file come into the hub. */
export interface ImportOptions {
  /** `strict`: all of it has to be right, or nothing is taken. `mend`: what can be is mended, the rest left out; all is told. */
  readonly mode: "strict" | "mend";
  /** What becomes of a document whose id is here already; `fail`: nothing is taken. */
  readonly conflict: "skip" | "replace" | "fail";
}

/**
 * What happened to a place of the file: changed so that the metamodel allows it, not taken, a linked leaf that keeps its
 * signal (rule 5), or worth knowing.
 */
export type ImportNote = Problem & { readonly what: "mended" | "left-out" | "kept" | "noted" };

export interface ImportCounts {
  readonly created: number;
  readonly replaced: number;
  /** They were here already. */
  readonly skipped: number;
  /** They are not taken; each has a note. */
  readonly refused: number;
}

export interface ImportReport {
  readonly format: "json" | "xml" | "aasx";
  readonly shells: ImportCounts;
  readonly submodels: ImportCounts;
  readonly conceptDescriptions: ImportCounts;
  readonly files: number;
  readonly notes: readonly ImportNote[];
  /** Notes beyond the bound, which are counted alone. */
  readonly moreNotes: number;
}

/** More than anybody reads; all beyond are counted. */
const bound = 1000;

type Kind = "shells" | "submodels" | "conceptDescriptions";

/** Puts a report together while an import goes on. */
export class ImportProgress {
  readonly #counts = {
    shells: { created: 0, replaced: 0, skipped: 0, refused: 0 },
    submodels: { created: 0, replaced: 0, skipped: 0, refused: 0 },
    conceptDescriptions: { created: 0, replaced: 0, skipped: 0, refused: 0 },
  };
  readonly #notes: ImportNote[] = [];
  #more = 0;
  #files = 0;

  count(kind: Kind, outcome: keyof ImportCounts): void {
    this.#counts[kind][outcome]++;
  }

  countFile(): void {
    this.#files++;
  }

  note(what: ImportNote["what"], problem: Problem): void {
    if (this.#notes.length < bound) this.#notes.push({ what, ...problem });
    else this.#more++;
  }

  report(format: ImportReport["format"]): ImportReport {
    return { format, ...this.#counts, files: this.#files, notes: this.#notes, moreNotes: this.#more };
  }
}
