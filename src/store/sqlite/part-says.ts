import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { OwnTest, PartTest } from "../../core/filter.ts";
import { compileOwnTest, compilePartTest, valuesIn } from "../../core/part-test.ts";
import { parsedBody, saidBy, testPorts, withTimes } from "../search/part-said.ts";
import { OWN_SAYS, PART_NAMES, PART_SAYS } from "./filter-sql.ts";

/** Tests kept compiled by one connection. */
const KEPT = 64;

type Columns = readonly SQLOutputValue[];

/**
 * Gives a connection `part_says(test, kind, body, created, modified, signal…)`, `own_says(test, body, created, modified)`
 * and `part_names(place, …)`, the texts that a part says there as a JSON array.
 */
export function registerPartSays(database: DatabaseSync, check: () => void): void {
  const says = keeping((text) => {
    const test = JSON.parse(text) as Omit<PartTest, "name">;
    const holds = compilePartTest(test, testPorts);
    return (part: Columns) => (holds(saidBy(part, test.overlay)) ? 1 : 0);
  });
  const owns = keeping((text) => {
    const test = JSON.parse(text) as OwnTest;
    const holds = compileOwnTest(test, testPorts);
    return ([body, created, modified]: Columns) =>
      holds(withTimes(parsedBody(body), test.overlay, Number(created), Number(modified))) ? 1 : 0;
  });
  const names = keeping((text) => {
    const place = JSON.parse(text) as Omit<PartTest, "name" | "test">;
    return (part: Columns) =>
      JSON.stringify(
        valuesIn(saidBy(part, place.overlay), place)
          .flat()
          .filter((one) => typeof one === "string"),
      );
  });
  const options = { deterministic: true, directOnly: true, varargs: true };
  const functions = [
    [PART_SAYS, says],
    [OWN_SAYS, owns],
    [PART_NAMES, names],
  ] as const;
  for (const [name, compiled] of functions) {
    database.function(name, options, (text, ...columns) => {
      check();
      return compiled(String(text))(columns);
    });
  }
}

/** Compiles each text once, and forgets all where there are many. */
function keeping<T>(compile: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= KEPT) known.clear();
    const made = compile(text);
    known.set(text, made);
    return made;
  };
}
