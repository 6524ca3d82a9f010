import type { AsyncHandles } from "../services/async-handles.ts";
import type { ServiceParts } from "../services/commit.ts";
import { type BulkService, createBulkService } from "./bulk-service.ts";
import type { ShellDescriptor, SubmodelDescriptor } from "./descriptor.ts";
import { shellDescriptorKind, submodelDescriptorKind } from "./descriptor-kinds.ts";
import { createNestedDescriptors, type NestedDescriptors } from "./nested-descriptors.ts";
import { createRegistryService, type RegistryService } from "./registry-service.ts";

/** The registry of shells, with the submodels below them, and that of submodels. */
export interface Registries {
  readonly shells: RegistryService<ShellDescriptor>;
  readonly nested: NestedDescriptors;
  readonly submodels: RegistryService<SubmodelDescriptor>;
  readonly bulkShells: BulkService;
  readonly bulkSubmodels: BulkService;
}

export function createRegistries(parts: ServiceParts, handles: AsyncHandles): Registries {
  const shells = createRegistryService(parts, shellDescriptorKind);
  return {
    shells,
    nested: createNestedDescriptors(shells),
    submodels: createRegistryService(parts, submodelDescriptorKind),
    bulkShells: createBulkService(parts, handles, shellDescriptorKind),
    bulkSubmodels: createBulkService(parts, handles, submodelDescriptorKind),
  };
}
