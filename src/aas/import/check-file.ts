import type { Collection } from "../../core/document.ts";
import { HubError, type Problem } from "../../core/errors.ts";
import { isObject } from "../validation/check.ts";
import { problemBound } from "../validation/report.ts";
import { kindOf } from "./document-kind.ts";
import type { EnvironmentFile } from "./environment-file.ts";
import type { ImportOptions } from "./import-report.ts";

/**
 * Looks at all of a file before anything of it is taken. @throws HubError `invalid` with every problem at its place, in
 * strict mode; `already-exists` with every document that is here, where that is to fail
 */
export async function checkFile(
  file: EnvironmentFile,
  { mode, conflict }: ImportOptions,
  exists: (collection: Collection, id: string) => Promise<boolean>,
): Promise<void> {
  const problems: Problem[] = [];
  const here: Problem[] = [];
  const ids = new Set<string>();
  const stray = (all: readonly Problem[]): void => void (mode === "strict" && problems.push(...all));
  for await (const { type, value, problems: unreadable, place } of file.documents(stray)) {
    const { collection, validate } = kindOf(type);
    if (mode === "strict" && problems.length < problemBound) {
      problems.push(...unreadable, ...judged(() => validate(value), place));
    }
    const id = isObject(value) && typeof value.id === "string" ? value.id : undefined;
    if (id === undefined) continue;
    const message = `${JSON.stringify(id.slice(0, 200))} occurs twice`;
    if (mode === "strict" && ids.has(`${collection} ${id}`)) {
      problems.push({ place: place("/id"), message, expected: "each id once" });
    }
    ids.add(`${collection} ${id}`);
    if (conflict === "fail" && here.length < problemBound && (await exists(collection, id))) {
      const expected = "an id that is not here, or another policy for those that are";
      here.push({ place: place("/id"), message: `${JSON.stringify(id.slice(0, 200))} is here already`, expected });
    }
  }
  if (problems.length > 0) {
    const more = problems.length >= problemBound ? " or more" : "";
    const count = `${Math.min(problems.length, problemBound)}${more} ${problems.length === 1 ? "place" : "places"}`;
    const details = { problems: problems.slice(0, problemBound) };
    throw new HubError("invalid", `the file breaks the metamodel in ${count}: nothing is taken`, details);
  }
  if (here.length > 0) {
    throw new HubError("already-exists", "documents of the file are here already: nothing is taken", {
      problems: here,
    });
  }
}

function judged(judge: () => unknown, place: (pointer: string) => string): readonly Problem[] {
  try {
    judge();
    return [];
  } catch (thrown) {
    if (!(thrown instanceof HubError) || thrown.code !== "invalid") throw thrown;
    return thrown.problems.map((problem) => ({ ...problem, place: place(problem.place) }));
  }
}
