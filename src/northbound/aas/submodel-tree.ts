import type { OperationForm } from "./aas-operation.ts";
import { attachmentOperations } from "./attachment-operations.ts";
import type { Edition } from "./edition.ts";
import { elementListOperations } from "./element-list-operations.ts";
import { elementOperations } from "./element-operations.ts";
import { submodelOperations } from "./submodel-operations.ts";
import type { SubmodelRoot } from "./submodel-root.ts";

/** All that hangs under a root of one submodel: what is added here is served under each of them. `fileLimit`: bytes of a file. */
export function submodelTree(root: SubmodelRoot, edition: Edition, fileLimit: number): readonly OperationForm[] {
  return [
    ...submodelOperations(root),
    ...elementListOperations(root, edition),
    ...elementOperations(root, edition),
    ...attachmentOperations(root, fileLimit),
  ];
}
