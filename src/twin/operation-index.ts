import type { BoundOperation } from "../core/bound-operation.ts";
import type { Collection } from "../core/document.ts";
import type { Plan } from "../core/plan.ts";

/** The operations that a plan binds, by their documents. */
export interface OperationIndex {
  of(collection: Collection, document: string): readonly BoundOperation[];
  find(collection: Collection, document: string, part: string): BoundOperation | undefined;
}

export function buildOperationIndex({ operations = [] }: Plan): OperationIndex {
  const key = (collection: Collection, document: string): string => `${collection}\n${document}`;
  const byDocument = Map.groupBy(operations, ({ address }) => key(address.collection, address.document));
  const of: OperationIndex["of"] = (collection, document) => byDocument.get(key(collection, document)) ?? [];
  return {
    of,
    find: (collection, document, part) => of(collection, document).find(({ address }) => address.part === part),
  };
}
