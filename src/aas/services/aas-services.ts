import type { Clock } from "../../core/time.ts";
import type { Store } from "../../store/contract.ts";
import type { ConceptDescription } from "../metamodel/types.ts";
import { type AsyncHandles, createAsyncHandles } from "./async-handles.ts";
import type { ServiceParts } from "./commit.ts";
import { conceptKind } from "./concept-kind.ts";
import { createElementService, type ElementService } from "./element-service.ts";
import { createIdentifiableService, type IdentifiableService } from "./identifiable-service.ts";
import { createSerializationService, type SerializationService } from "./serialization-service.ts";
import { createShellService, type ShellService } from "./shell-service.ts";
import { createSubmodelReader, type SubmodelReader } from "./submodel-reader.ts";
import { createSubmodelService, type SubmodelService } from "./submodel-service.ts";
import { createValueService, type ValueService } from "./value-service.ts";

/** The AAS standard for one tenant, without HTTP. */
export interface AasServices {
  readonly shells: ShellService;
  readonly concepts: IdentifiableService<ConceptDescription>;
  readonly reader: SubmodelReader;
  readonly submodels: SubmodelService;
  readonly elements: ElementService;
  readonly values: ValueService;
  readonly serialization: SerializationService;
  readonly handles: AsyncHandles;
}

/** What a tenant's services are made of; `documents` and `twin` are what the repositories need. */
export interface AasParts extends ServiceParts, Pick<Store, "blobs" | "series" | "records"> {
  readonly clock: Clock;
}

const defaultCacheBytes = 64 * 1024 * 1024;

/**
 * @param options `cacheBytes`: budget for parsed submodels, 64 MiB by default
 */
export function createAasServices(parts: AasParts, options: { readonly cacheBytes?: number } = {}): AasServices {
  const reader = createSubmodelReader(parts, options.cacheBytes ?? defaultCacheBytes);
  const submodels = createSubmodelService(parts, reader);
  const shells = createShellService(parts);
  const concepts = createIdentifiableService(parts, conceptKind);
  return {
    shells,
    concepts,
    reader,
    submodels,
    elements: createElementService(parts, reader, submodels),
    values: createValueService(parts, reader),
    serialization: createSerializationService({ documents: parts.documents, shells, concepts, reader }),
    handles: createAsyncHandles({ records: parts.records("handle"), clock: parts.clock }),
  };
}
