import { HubError } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import { checkExpected, type Expected } from "../services/commit.ts";
import { type PageOf, type PageWish, pageOf } from "../services/paging.ts";
import { checkId } from "../services/submodel-service.ts";
import type { ShellDescriptor, SubmodelDescriptor } from "./descriptor.ts";
import { validateSubmodelDescriptor } from "./descriptor-shapes.ts";
import type { EntryRoots } from "./entry-roots.ts";
import type { RegistryService } from "./registry-service.ts";

/** The descriptors of submodels within one shell's descriptor (superpath); writes as `RegistryService`'s. */
export interface NestedDescriptors {
  list(roots: EntryRoots, shell: string, page: PageWish): Promise<PageOf<SubmodelDescriptor>>;
  get(
    roots: EntryRoots,
    shell: string,
    id: string,
  ): Promise<{ readonly descriptor: SubmodelDescriptor; readonly etag: string }>;
  create(scope: Scope, shell: string, body: unknown): Promise<SubmodelDescriptor>;
  put(scope: Scope, shell: string, id: string, body: unknown, expected: Expected): Promise<boolean>;
  delete(scope: Scope, shell: string, id: string, expected: Expected): Promise<void>;
}

/** They are part of their shell's descriptor, so its version is theirs. */
export function createNestedDescriptors(shells: RegistryService<ShellDescriptor>): NestedDescriptors {
  const below = ({ submodelDescriptors = [] }: ShellDescriptor): readonly SubmodelDescriptor[] => submodelDescriptors;

  return {
    async list(roots, shell, page) {
      return pageOf(below((await shells.get(roots, shell)).descriptor), page);
    },
    async get(roots, shell, id) {
      const { descriptor, etag } = await shells.get(roots, shell);
      const found = below(descriptor).find((one) => one.id === id);
      if (found === undefined) throw noNested(shell, id);
      return { descriptor: found, etag };
    },
    async create(scope, shell, body) {
      const descriptor = validateSubmodelDescriptor(body);
      await shells.change(scope, shell, undefined, (before) => {
        if (below(before).some(({ id }) => id === descriptor.id)) throw nestedAlready(shell, descriptor.id);
        return { ...before, submodelDescriptors: [...below(before), descriptor] };
      });
      return descriptor;
    },
    async put(scope, shell, id, body, expected) {
      const descriptor = validateSubmodelDescriptor(body);
      checkId(descriptor.id, id);
      let created = false;
      await shells.change(scope, shell, expected === "absent" ? undefined : expected, (before) => {
        const index = below(before).findIndex((one) => one.id === id);
        created = index === -1;
        if (expected === "absent") checkExpected(expected, created ? undefined : 0, "the descriptor");
        return {
          ...before,
          submodelDescriptors: created ? [...below(before), descriptor] : below(before).with(index, descriptor),
        };
      });
      return created;
    },
    async delete(scope, shell, id, expected) {
      await shells.change(scope, shell, expected, (before) => {
        const { submodelDescriptors: _replaced, ...rest } = before;
        const left = below(before).filter((one) => one.id !== id);
        if (left.length === below(before).length) throw noNested(shell, id);
        return left.length === 0 ? rest : { ...rest, submodelDescriptors: left };
      });
    },
  };
}

function noNested(shell: string, id: string): HubError {
  const names = `${JSON.stringify(shell.slice(0, 200))} names no submodel ${JSON.stringify(id.slice(0, 200))}`;
  return new HubError("not-found", `the descriptor of the shell ${names}`);
}

function nestedAlready(shell: string, id: string): HubError {
  const names = `${JSON.stringify(shell.slice(0, 200))} names the submodel ${JSON.stringify(id.slice(0, 200))}`;
  return new HubError("already-exists", `the descriptor of the shell ${names} already`);
}
