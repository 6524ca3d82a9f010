import { HubError } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import type { DocumentUnit } from "../../twin/contract.ts";
import { modelReference } from "../metamodel/reference.ts";
import type { Reference, Shell } from "../metamodel/types.ts";
import { validateAssetInformation, validateReference } from "../validation/validate.ts";
import type { Expected, ServiceParts } from "./commit.ts";
import { createIdentifiableService, type IdentifiableService } from "./identifiable-service.ts";
import { referredSubmodel, shellKind } from "./shell-kind.ts";

export interface ShellService extends IdentifiableService<Shell> {
  putAssetInformation(scope: Scope, id: string, body: unknown, expected: Expected): Promise<void>;
  /** Gives the submodel that is referred to. @throws HubError `already-exists` */
  addReference(scope: Scope, id: string, body: unknown): Promise<Reference>;
  /** @throws HubError `not-found` where the shell does not refer to the submodel */
  removeReference(scope: Scope, id: string, submodel: string): Promise<void>;
  /** @throws HubError `not-found` for the shell, or where it does not refer to the submodel */
  requireReference(id: string, submodel: string): Promise<void>;
  /** What lets the shell refer to a submodel; nothing where it does. */
  gaining(id: string, submodel: string): Promise<DocumentUnit>;
  /** What ends the shell's references to a submodel. */
  losing(id: string, submodel: string): Promise<DocumentUnit>;
}

export function createShellService(parts: ServiceParts): ShellService {
  const shells = createIdentifiableService<Shell>(parts, shellKind);
  return {
    ...shells,
    async putAssetInformation(scope, id, body, expected) {
      const assetInformation = validateAssetInformation(body);
      await shells.change(scope, id, expected, (shell) => ({ ...shell, assetInformation }));
    },
    async addReference(scope, id, body) {
      const reference = validateReference(body);
      await shells.change(scope, id, undefined, (shell) => {
        if (refersTo(shell, referredSubmodel(reference))) {
          throw new HubError("already-exists", "the shell refers to this submodel already");
        }
        return { ...shell, submodels: [...(shell.submodels ?? []), reference] };
      });
      return reference;
    },
    async removeReference(scope, id, submodel) {
      await shells.change(scope, id, undefined, (shell) => {
        if (!refersTo(shell, submodel)) throw noReference(id, submodel);
        return withoutReference(shell, submodel);
      });
    },
    async requireReference(id, submodel) {
      const { value } = await shells.get(id);
      if (!refersTo(value, submodel)) throw noReference(id, submodel);
    },
    async gaining(id, submodel) {
      const { row, value } = await shells.get(id);
      if (refersTo(value, submodel)) return { mutations: [] };
      const submodels = [...(value.submodels ?? []), modelReference("Submodel", submodel)];
      return shells.replacement(row, { ...value, submodels });
    },
    async losing(id, submodel) {
      const { row, value } = await shells.get(id);
      return shells.replacement(row, withoutReference(value, submodel));
    },
  };
}

function refersTo(shell: Shell, submodel: string | undefined): boolean {
  return (shell.submodels ?? []).some((reference) => referredSubmodel(reference) === submodel);
}

function withoutReference(shell: Shell, submodel: string): Shell {
  const { submodels = [], ...rest } = shell;
  const left = submodels.filter((reference) => referredSubmodel(reference) !== submodel);
  return left.length === 0 ? rest : { ...rest, submodels: left };
}

function noReference(id: string, submodel: string): HubError {
  const names = `${JSON.stringify(id.slice(0, 200))} does not refer to the submodel ${JSON.stringify(submodel.slice(0, 200))}`;
  return new HubError("not-found", `the shell ${names}`);
}
