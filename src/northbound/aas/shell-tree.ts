import type { OperationForm } from "./aas-operation.ts";
import { shellOperations } from "./shell-operations.ts";
import type { ShellRoot } from "./shell-root.ts";

/** All that hangs under a root of one shell, its submodels apart: what is added here is served under each of them. */
export function shellTree(root: ShellRoot): readonly OperationForm[] {
  return [...shellOperations(root)];
}
