import type { DocumentRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Mutation, Was } from "../../core/mutation.ts";
import type { Scope } from "../../core/scope.ts";
import type { DocumentUnit } from "../../twin/contract.ts";
import { withElements } from "../metamodel/children.ts";
import type { Submodel } from "../metamodel/types.ts";
import { submodelWithoutReserved } from "../overlay/signal-qualifiers.ts";
import { splitSubmodel } from "../parts.ts";
import { isObject } from "../validation/check.ts";
import { validateSubmodel } from "../validation/validate.ts";
import { checkExpected, commitDecided, commitUnit, type Expected, type ServiceParts, unchanged } from "./commit.ts";
import { keepLeaves, refuseDelete } from "./linked-leaves.ts";
import { mergedSubmodel } from "./merge.ts";
import type { SubmodelReader, SubmodelView } from "./submodel-reader.ts";
import { noSubmodel } from "./submodel-refusals.ts";

/** What a document write did. */
export interface Written {
  readonly created: boolean;
  /** Linked leaves that keep showing their signal although the client sent another value (rule 5). */
  readonly kept: readonly string[];
}

/** What else is changed in the same commit, as it is when the commit is tried: the shell that gains a reference. */
export type Alongside = () => Promise<DocumentUnit>;

const nothing: Alongside = async () => ({ mutations: [] });

export interface SubmodelService {
  /** @throws HubError `already-exists` */
  create(scope: Scope, body: unknown): Promise<Submodel>;
  /** Creates or replaces. */
  put(scope: Scope, id: string, body: unknown, expected: Expected, alongside?: Alongside): Promise<Written>;
  patch(scope: Scope, id: string, body: unknown, expected: Expected): Promise<Written>;
  /** PATCH `$metadata`: all but the elements. */
  patchMetadata(scope: Scope, id: string, body: unknown, expected: Expected): Promise<Written>;
  /** @throws HubError `conflict` where it holds a linked leaf (rule 6) */
  delete(scope: Scope, id: string, expected: Expected, alongside?: Alongside): Promise<void>;
}

export function createSubmodelService(parts: ServiceParts, reader: SubmodelReader): SubmodelService {
  const { twin } = parts;

  /** Puts `next` in the place of what is stored; linked leaves stay what they are. */
  async function replace(
    scope: Scope,
    id: string,
    expected: Expected,
    next: (before: SubmodelView | undefined) => Submodel,
    alongside: Alongside = nothing,
  ): Promise<Written> {
    return await commitDecided(parts, scope, async () => {
      const before = await reader.find(id);
      checkExpected(expected, before?.row.version, "the submodel");
      const wanted = submodelWithoutReserved(next(before));
      const { elements, kept } = keepLeaves(
        twin.leaves("submodel", id),
        wanted.submodelElements ?? [],
        before?.stored.submodelElements ?? [],
      );
      const { document, parts: split } = splitSubmodel(withElements(wanted, elements), before?.row.owner);
      const put: Mutation = {
        kind: "document.put",
        collection: "submodel",
        document,
        parts: split,
        ...(before === undefined ? {} : { was: timesOf(before.row) }),
      };
      const precondition =
        before === undefined
          ? ({ collection: "submodel", id, must: "be-absent" } as const)
          : unchanged("submodel", id, before.row.version);
      const more = await alongside();
      return {
        unit: {
          preconditions: [precondition, ...(more.preconditions ?? [])],
          mutations: [put, ...more.mutations],
        },
        result: { created: before === undefined, kept },
      };
    });
  }

  function existing(id: string, before: SubmodelView | undefined): SubmodelView {
    if (before === undefined) throw noSubmodel(id);
    return before;
  }

  return {
    async create(scope, body) {
      const submodel = submodelWithoutReserved(validateSubmodel(body));
      const { document, parts: split } = splitSubmodel(submodel);
      await commitUnit(parts, scope, {
        preconditions: [{ collection: "submodel", id: submodel.id, must: "be-absent" }],
        mutations: [{ kind: "document.put", collection: "submodel", document, parts: split }],
      });
      return submodel;
    },
    async put(scope, id, body, expected, alongside) {
      const submodel = validateSubmodel(body);
      checkId(submodel.id, id);
      return await replace(scope, id, expected, () => submodel, alongside);
    },
    async patch(scope, id, body, expected) {
      const patch = objectOf(body);
      return await replace(scope, id, expected, (before) => {
        const merged = validateSubmodel(mergedSubmodel(existing(id, before).stored, patch));
        checkId(merged.id, id);
        return merged;
      });
    },
    async patchMetadata(scope, id, body, expected) {
      const patch = objectOf(body);
      if (patch.submodelElements !== undefined) throw notMetadata("submodelElements");
      return await commitDecided(parts, scope, async () => {
        const { row, stored } = existing(id, await reader.find(id));
        checkExpected(expected, row.version, "the submodel");
        // Judged with its elements (their qualifiers depend on its kind), written without them.
        const merged = validateSubmodel(mergedSubmodel(stored, patch));
        checkId(merged.id, id);
        const { body: head, keys } = splitSubmodel(submodelWithoutReserved(withElements(merged, []))).document;
        const mutation: Mutation = { kind: "document.patch", collection: "submodel", id, body: head, keys };
        const preconditions = [unchanged("submodel", id, row.version)];
        return { unit: { preconditions, mutations: [mutation] }, result: { created: false, kept: [] } };
      });
    },
    async delete(scope, id, expected, alongside = nothing) {
      await commitDecided(parts, scope, async () => {
        const row = await parts.documents.get("submodel", id);
        if (row === undefined) throw noSubmodel(id);
        checkExpected(expected, row.version, "the submodel");
        refuseDelete(twin.leaves("submodel", id), "the submodel");
        const more = await alongside();
        const unit: DocumentUnit = {
          preconditions: [unchanged("submodel", id, row.version), ...(more.preconditions ?? [])],
          mutations: [{ kind: "document.delete", collection: "submodel", id }, ...more.mutations],
        };
        return { unit, result: undefined };
      });
    },
  };
}

function timesOf({ createdAt, modifiedAt }: DocumentRow): Was {
  return { createdAt, modifiedAt };
}

/** @throws HubError `invalid` where the body is of another identifiable than the path */
export function checkId(given: string, wanted: string): void {
  if (given === wanted) return;
  const message = "the body's id is not the id in the path";
  throw new HubError("invalid", message, { problems: [{ place: "/id", message, expected: wanted }] });
}

/** @throws HubError `invalid` */
export function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  if (isObject(body)) return body;
  throw new HubError("invalid", "the body is no JSON object", {
    problems: [{ place: "", message: "no JSON object", expected: "the members to change" }],
  });
}

export function notMetadata(member: string): HubError {
  const message = `"${member}" is no metadata`;
  return new HubError("invalid", message, {
    problems: [{ place: `/${member}`, message, expected: "a PATCH without $metadata, or of $value" }],
  });
}
