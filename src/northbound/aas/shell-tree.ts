import type { OperationForm } from "./aas-operation.ts";
import { shellOperations } from "./shell-operations.ts";
import type { ShellRoot } from "./shell-root.ts";
import { thumbnailOperations } from "./thumbnail-operations.ts";

/** All that hangs under a root of one shell, its submodels apart: what is added here is served under each of them. `fileLimit`: bytes of a file. */
export function shellTree(root: ShellRoot, fileLimit: number): readonly OperationForm[] {
  return [...shellOperations(root), ...thumbnailOperations(root, fileLimit)];
}
