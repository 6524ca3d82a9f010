import type { Problem } from "../core/errors.ts";
import { type Place, placeText } from "../core/place.ts";

/** Something wrong (or doubtful) in a mapping file, with the line where it stands. */
export interface MappingProblem extends Problem {
  readonly severity: "error" | "warning";
  readonly file: string;
  /** Counts from 1; 0 where the file as a whole is meant, e.g. one that cannot be read. */
  readonly line: number;
  readonly column: number;
}

export interface ProblemText {
  readonly message: string;
  readonly expected?: string | undefined;
  readonly rule?: string | undefined;
}

/** Collects what is wrong, so that everything is told at once. */
export class Problems {
  readonly all: MappingProblem[] = [];

  error(place: Place, text: ProblemText): void {
    this.#add("error", place, text);
  }

  warning(place: Place, text: ProblemText): void {
    this.#add("warning", place, text);
  }

  /** Problems of a neighbour that carry their place as text only; `fallback` where that text is none of ours. */
  adopt(problems: readonly Problem[], fallback: Place, severity: MappingProblem["severity"] = "error"): void {
    for (const problem of problems) this.#add(severity, placeOfText(problem.place) ?? fallback, problem);
  }

  get hasErrors(): boolean {
    return this.all.some((problem) => problem.severity === "error");
  }

  #add(severity: MappingProblem["severity"], place: Place, text: ProblemText): void {
    this.all.push({
      severity,
      place: placeText(place),
      file: place.file,
      line: place.line,
      column: place.column ?? 1,
      message: text.message,
      ...(text.expected === undefined ? {} : { expected: text.expected }),
      ...(text.rule === undefined ? {} : { rule: text.rule }),
    });
  }
}

function placeOfText(text: string): Place | undefined {
  const match = /^(.+?):(\d+)(?::(\d+))?$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  const place = { file: match[1], line: Number(match[2]) };
  return match[3] === undefined ? place : { ...place, column: Number(match[3]) };
}

/** By file, then line and column; errors before warnings at one place. */
export function sortProblems(problems: readonly MappingProblem[]): readonly MappingProblem[] {
  return [...problems].sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0) ||
      (a.message < b.message ? -1 : 1),
  );
}

/** `press.yaml:12:5: error: …` with what would be right, one line. */
export function problemText(problem: MappingProblem): string {
  const expected = problem.expected === undefined ? "" : ` (${problem.expected})`;
  return `${problem.place}: ${problem.severity}: ${problem.message}${expected}`;
}
