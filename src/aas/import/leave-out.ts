import { HubError, type Problem } from "../../core/errors.ts";
import { problemBound } from "../validation/report.ts";
import type { MendLog } from "./mend-log.ts";

/** Times that a document is judged; each takes away at least one member of every place that is wrong. */
const rounds = 500;

/**
 * Takes out of a document, in place, what the validator refuses, and nothing else: the member or item that is wrong, or
 * where that has to be there, what it belongs to. Each is told with the reason. True: what is left is right.
 */
export function leaveOut(value: object, validate: (value: unknown) => unknown, log: MendLog): boolean {
  for (let round = 0; round < rounds; round++) {
    const problems = problemsOf(() => validate(value));
    if (problems.length === 0) return true;
    const root = problems.find(({ place }) => place === "");
    if (root !== undefined) {
      log.add("", root.rule ?? "left-out", `${root.message}: the document is left out`);
      return false;
    }
    takeOut(value, problems, log);
  }
  log.add("", "left-out", "there is more wrong than is worth mending: the document is left out");
  return false;
}

function problemsOf(judge: () => unknown): readonly Problem[] {
  try {
    judge();
    return [];
  } catch (thrown) {
    // Beyond the bound stands only how many there are more; they come in the next round.
    if (thrown instanceof HubError && thrown.code === "invalid") return thrown.problems.slice(0, problemBound);
    throw thrown;
  }
}

function takeOut(value: object, problems: readonly Problem[], log: MendLog): void {
  const members: { readonly owner: Record<string, unknown>; readonly key: string }[] = [];
  const items = new Map<unknown[], Set<number>>();
  for (const { place, message, rule } of problems) {
    const found = find(value, place);
    if (found === undefined) continue;
    log.add(found.pointer, rule ?? "left-out", `${message}: left out`);
    if (!Array.isArray(found.owner)) members.push({ owner: found.owner, key: found.key });
    else items.set(found.owner, (items.get(found.owner) ?? new Set()).add(Number(found.key)));
  }
  for (const { owner, key } of members) delete owner[key];
  for (const [list, indexes] of items) {
    for (const index of [...indexes].sort((one, other) => other - one)) list.splice(index, 1);
  }
}

interface Found {
  readonly owner: Record<string, unknown> | unknown[];
  readonly key: string;
  readonly pointer: string;
}

/** What a pointer leads to, or, where that is not there, the last that is there on the way. */
function find(root: object, pointer: string): Found | undefined {
  let found: Found | undefined;
  let owner: unknown = root;
  let walked = "";
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof owner !== "object" || owner === null || !Object.hasOwn(owner, key)) return found;
    walked = `${walked}/${step}`;
    found = { owner: owner as Found["owner"], key, pointer: walked };
    owner = (owner as Record<string, unknown>)[key];
  }
  return found;
}
