import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { Mutation } from "../../core/mutation.ts";
import type { DocumentPort } from "../../store/contract.ts";
import type { DocumentUnit } from "../../twin/contract.ts";
import { type AasParts, type AasServices, createAasServices } from "./aas-services.ts";

/** Templates are few and rarely read: a small cache is enough. */
const cacheBytes = 8 * 1024 * 1024;

/** The AAS services over a tenant's submodels of kind Template, as if there were no others (AASa-003, AASa-004). */
export function createTemplateServices(parts: AasParts): AasServices {
  const { twin } = parts;
  return createAasServices(
    {
      ...parts,
      documents: templateDocuments(parts.documents),
      twin: {
        leaves: (...asked) => twin.leaves(...asked),
        leaf: (...asked) => twin.leaf(...asked),
        modifiedAt: (...asked) => twin.modifiedAt(...asked),
        write: (...asked) => twin.write(...asked),
        onChange: (listener) => twin.onChange(listener),
        // A template describes operations; nothing is bound to it.
        operation: () => undefined,
        invoke: (...asked) => twin.invoke(...asked),
        async commit(scope, origin, units) {
          for (const unit of units) refuseInstances(unit);
          return await twin.commit(scope, origin, units);
        },
      },
    },
    { cacheBytes },
  );
}

/** Every read of a submodel begins with its head, so that heads and lists are all that has to be chosen from. */
function templateDocuments(documents: DocumentPort): DocumentPort {
  return {
    ...documents,
    async get(collection, id) {
      const row = await documents.get(collection, id);
      return collection === "submodel" && row?.keys.kind?.[0] === "Template" ? row : undefined;
    },
    async list(collection, filter, page) {
      if (collection === "concept") return await documents.list(collection, filter, page);
      if (collection !== "submodel") return { items: [] };
      const kind: Filter = { kind: "key", name: "kind", in: ["Template"] };
      return await documents.list(collection, filter === undefined ? kind : { kind: "all", of: [kind, filter] }, page);
    },
  };
}

/** @throws HubError `invalid` */
function refuseInstances({ mutations }: DocumentUnit): void {
  for (const mutation of mutations) {
    const kind = kindOf(mutation);
    if (kind === undefined || kind === "Template") continue;
    const message = `a submodel of kind ${kind} has no place among templates`;
    throw new HubError("invalid", message, {
      problems: [{ place: "/kind", message, expected: "Template", rule: "AASa-003" }],
    });
  }
}

function kindOf(mutation: Mutation): string | undefined {
  if (mutation.kind === "document.put") return mutation.document.keys.kind?.[0] ?? "Instance";
  return mutation.kind === "document.patch" ? mutation.keys?.kind?.[0] : undefined;
}
