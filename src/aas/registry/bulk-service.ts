import { HubError, type Problem } from "../../core/errors.ts";
import type { Mutation, Precondition } from "../../core/mutation.ts";
import type { Scope } from "../../core/scope.ts";
import type { AsyncHandles, AsyncJob } from "../services/async-handles.ts";
import { commitUnit, type ServiceParts } from "../services/commit.ts";
import { at } from "../validation/report.ts";
import type { Descriptor } from "./descriptor.ts";
import type { DescriptorKind } from "./descriptor-kinds.ts";
import { alreadyThere, heldHere, noEntry, putOf } from "./registry-service.ts";

/**
 * IDTA-01002 v3.1.2, "Bulk Operations", over one registry: all items or none. Bodies are judged before a handle is given
 * (`invalid`, `too-large`); what the registry says to them is the job's outcome, a problem for each item that it refuses.
 */
export interface BulkService {
  create(scope: Scope, body: unknown): Promise<string>;
  put(scope: Scope, body: unknown): Promise<string>;
  /** @param body the ids */
  delete(scope: Scope, body: unknown): Promise<string>;
}

/** Items of one request. */
const mostBulkItems = 1_000;
/** Problems told of one request. */
const mostProblems = 100;
const topic = "bulk";

/** @throws HubError `not-found` */
export async function bulkJob(handles: AsyncHandles, handle: string): Promise<AsyncJob> {
  const job = await handles.job(topic, handle);
  if (job.state !== "failed" || job.error.code !== "aborted") return job;
  // To the standard, a request that did not come to its end is one to be sent again.
  return { state: "failed", error: new HubError("invalid", job.error.message) };
}

export function createBulkService<T extends Descriptor>(
  parts: ServiceParts,
  handles: AsyncHandles,
  kind: DescriptorKind<T>,
): BulkService {
  const { held, posted, what } = kind;

  /** What is there of these ids. */
  async function known(collection: typeof held | typeof posted, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const page = await parts.documents.list(collection, { kind: "id", in: ids }, { limit: mostBulkItems });
    return new Set(page.items.map(({ id }) => id));
  }

  async function run(
    scope: Scope,
    ids: readonly string[],
    must: Precondition["must"] | undefined,
    mutationOf: (index: number) => Mutation,
  ): Promise<void> {
    const here = await known(held, ids);
    const there = await known(posted, ids);
    const problems = ids.flatMap((id, index): Problem[] => {
      const refusal = here.has(id)
        ? heldHere(what, id)
        : must === "be-absent" && there.has(id)
          ? alreadyThere(what, id)
          : must === "exist" && !there.has(id)
            ? noEntry(what, id)
            : undefined;
      return refusal === undefined ? [] : [{ place: at("", index), message: refusal.message }];
    });
    if (problems.length > 0) throw refused(problems);
    const preconditions = ids.flatMap((id): Precondition[] => [
      { collection: held, id, must: "be-absent" },
      ...(must === undefined ? [] : [{ collection: posted, id, must }]),
    ]);
    try {
      await commitUnit(parts, scope, { preconditions, mutations: ids.map((_id, index) => mutationOf(index)) });
    } catch (thrown) {
      const error = HubError.from(thrown);
      // Somebody was faster between the look and the commit: refused like what the look saw.
      if (error.code !== "already-exists" && error.code !== "not-found") throw error;
      throw refused([{ place: "", message: error.message }]);
    }
  }

  const puts = async (scope: Scope, body: unknown, must: "be-absent" | undefined): Promise<string> => {
    const descriptors = validated(body, kind.validate);
    const mutations = descriptors.map((descriptor) => putOf(kind, descriptor));
    const ids = descriptors.map(({ id }) => id);
    return await handles.start(topic, () => run(scope, ids, must, (index) => item(mutations, index)));
  };

  return {
    create: (scope, body) => puts(scope, body, "be-absent"),
    put: (scope, body) => puts(scope, body, undefined),
    async delete(scope, body) {
      const ids = validated(body, identifierItem).map(({ id }) => id);
      const remove = (index: number): Mutation => ({
        kind: "document.delete",
        collection: posted,
        id: item(ids, index),
      });
      return await handles.start(topic, () => run(scope, ids, "exist", remove));
    },
  };
}

function item<T>(items: readonly T[], index: number): T {
  const found = items[index];
  if (found === undefined) throw new HubError("internal", `a bulk request has no item ${index}`);
  return found;
}

/** @throws HubError `invalid` with the problems of all items, `too-large` */
function validated<T extends { readonly id: string }>(body: unknown, validate: (item: unknown) => T): readonly T[] {
  if (!Array.isArray(body) || body.length === 0) {
    const problem = { place: "", message: "no array with items", expected: `an array of 1 to ${mostBulkItems} items` };
    throw new HubError("invalid", "the bulk request has no items", { problems: [problem] });
  }
  if (body.length > mostBulkItems) {
    throw new HubError("too-large", `a bulk request has at most ${mostBulkItems} items, not ${body.length}`);
  }
  const problems: Problem[] = [];
  const places = new Map<string, number>();
  const items: T[] = [];
  for (const [index, one] of (body as readonly unknown[]).entries()) {
    try {
      const valid = validate(one);
      items.push(valid);
      const first = places.get(valid.id);
      if (first === undefined) places.set(valid.id, index);
      else
        problems.push({
          place: at("", index),
          message: `its id stands at index ${first} already`,
          expected: "each id once",
        });
    } catch (thrown) {
      if (!(thrown instanceof HubError) || thrown.code !== "invalid") throw thrown;
      problems.push(...thrown.problems.map((problem) => ({ ...problem, place: `${at("", index)}${problem.place}` })));
    }
  }
  if (problems.length > 0) throw refused(problems);
  return items;
}

function identifierItem(id: unknown): { readonly id: string } {
  if (typeof id === "string" && id.length > 0 && id.length <= 2048) return { id };
  const problem = { place: "", message: "no identifier", expected: "a text of 1 to 2048 characters" };
  throw new HubError("invalid", "no identifier", { problems: [problem] });
}

function refused(problems: readonly Problem[]): HubError {
  const shown = problems.slice(0, mostProblems);
  const rest = problems.length - shown.length;
  const more = rest === 0 ? [] : [{ place: "", message: `and ${rest} more problems` }];
  return new HubError("invalid", "the bulk request was refused whole", { problems: [...shown, ...more] });
}
