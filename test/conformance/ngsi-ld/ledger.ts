import { type Clause, clauses, liesIn } from "./clauses.ts";
import { reasonOf } from "./reasons.ts";
import { codeTags, type Tag, testTags } from "./tags.ts";

/** `served`: named by code and by a test; `untested`: by code alone; `missing`: by no code. */
export type State = "served" | "untested" | "missing" | "not applicable";

export interface Line {
  readonly clause: Clause;
  /** Operations by name, else files below `src/`. */
  readonly handlers: readonly string[];
  /** Files below `test/` with titles that name it. */
  readonly tests: readonly string[];
  readonly state: State;
  readonly reason?: string;
}

/** The ledger of GS CIM 009 v1.9.1 as code and tests name its clauses. */
export function ledger(code: readonly Tag[] = codeTags(), tests: readonly Tag[] = testTags()): readonly Line[] {
  return clauses.map((clause) => {
    const handlers = places(code, ({ clause: named }) => liesIn(named, clause.number) || speaksOf(named, clause));
    const shown = places(tests, ({ clause: named }) => liesIn(named, clause.number));
    const reason = reasonOf(clause);
    if (reason !== undefined) return { clause, handlers, tests: shown, state: "not applicable", reason };
    const state = handlers.length === 0 ? "missing" : shown.length === 0 ? "untested" : "served";
    return { clause, handlers, tests: shown, state };
  });
}

/** Code that names `4.5.3` deals with its normalized and its concise form; a chapter's section says too little. */
function speaksOf(named: string, { number }: Clause): boolean {
  return named.split(".").length >= 3 && liesIn(number, named);
}

function places(tags: readonly Tag[], counts: (tag: Tag) => boolean): readonly string[] {
  return [...new Set(tags.filter(counts).map(({ place }) => place))].sort();
}

/** What has to be said of a line that is not as it should be; undefined where it is. */
export function wrong({ clause: { number, about }, state }: Line): string | undefined {
  if (state === "missing") return `${number} ${about}: no code names it`;
  if (state === "untested") return `${number} ${about}: no test names it`;
  return undefined;
}
