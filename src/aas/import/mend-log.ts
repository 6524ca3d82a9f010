import type { Problem } from "../../core/errors.ts";

/** What was changed in a document so that the metamodel allows it; `rule` says why. */
export type Mend = Problem & { readonly rule: string };

/** Collects what is mended in one document, each at the place where its file has it. */
export class MendLog {
  readonly mends: Mend[] = [];
  readonly #place: (pointer: string) => string;

  /** @param place of a JSON pointer into the document as it is now */
  constructor(place: (pointer: string) => string) {
    this.#place = place;
  }

  /** Before the change, while the pointer still leads there. */
  add(pointer: string, rule: string, message: string): void {
    this.mends.push({ place: this.#place(pointer), rule, message });
  }
}
