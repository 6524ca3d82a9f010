import { DocumentTurns } from "../../core/document-turns.ts";
import type { Clock } from "../../core/time.ts";
import type { BlobPort, Store } from "../../store/contract.ts";
import type { SeriesCatalog } from "../../time-series/contract.ts";
import type { Twin } from "../../twin/contract.ts";
import { createDiscoveryService, type DiscoveryService } from "../discovery/discovery-service.ts";
import { cachedDocuments } from "../document-cache.ts";
import { type AttachmentService, createAttachmentService } from "../files/attachment-service.ts";
import { createPackageService, type PackageService } from "../files/package-service.ts";
import { createThumbnailService, type ThumbnailService } from "../files/thumbnail-service.ts";
import { createImportService, type ImportService } from "../import/import-service.ts";
import { shellsInPackage } from "../import/shells-in-package.ts";
import type { ConceptDescription } from "../metamodel/types.ts";
import { createQueryService, type QueryService } from "../query/query-service.ts";
import { createRegistries, type Registries } from "../registry/registries.ts";
import { createComputedContent } from "../time-series/computed-content.ts";
import { createSeriesCatalog } from "../time-series/series-catalog.ts";
import { createSeriesOperations } from "../time-series/series-operations.ts";
import type { AsyncHandles } from "./async-handles.ts";
import type { StoredParts } from "./commit.ts";
import { conceptKind } from "./concept-kind.ts";
import { createElementService, type ElementService } from "./element-service.ts";
import { createIdentifiableService, type IdentifiableService } from "./identifiable-service.ts";
import {
  createOperationService,
  defaultOperationTimes,
  type InvocationEvent,
  type OperationService,
  type OperationTimes,
} from "./operation-service.ts";
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
  readonly operations: OperationService;
  /** Which histories can be asked for. */
  readonly histories: SeriesCatalog;
  readonly registry: Registries;
  readonly discovery: DiscoveryService;
  readonly query: QueryService;
  readonly blobs: BlobPort;
  readonly attachments: AttachmentService;
  readonly thumbnails: ThumbnailService;
  readonly packages: PackageService;
  readonly imports: ImportService;
}

/** What a tenant's services are made of; `documents` and `twin` are what the repositories need. */
export interface AasParts extends StoredParts, Pick<Store, "blobs" | "series" | "records"> {
  readonly twin: StoredParts["twin"] & Pick<Twin, "operation" | "invoke">;
  /** Shared by all services over one tenant. */
  readonly handles: AsyncHandles;
  readonly clock: Clock;
  /** Told when an operation begins and ends. */
  readonly told?: (event: InvocationEvent) => void;
  /** Where clients reach this tenant's time series (`northbound/time-series`); nothing serves them without it. */
  readonly timeSeriesEndpoint?: () => string | undefined;
}

export interface AasOptions {
  /** Budget for parsed submodels, and the same again for stored rows; 64 MiB by default. */
  readonly cacheBytes?: number;
  readonly operations?: OperationTimes;
}

const defaultCacheBytes = 64 * 1024 * 1024;

export function createAasServices(
  stored: AasParts,
  { cacheBytes = defaultCacheBytes, operations: times = defaultOperationTimes }: AasOptions = {},
): AasServices {
  const documents = cachedDocuments(stored.documents, stored.twin, cacheBytes);
  const parts = { ...stored, documents, turns: new DocumentTurns() };
  const computed = createComputedContent({
    series: parts.series,
    clock: parts.clock,
    endpoint: parts.timeSeriesEndpoint ?? (() => undefined),
  });
  const reader = createSubmodelReader(parts, cacheBytes, computed);
  const submodels = createSubmodelService(parts, reader);
  const shells = createShellService(parts);
  const concepts = createIdentifiableService(parts, conceptKind);
  const { handles } = parts;
  const registry = createRegistries(parts, handles);
  const { find } = reader;
  const own = createSeriesOperations({ find, series: parts.series, computed });
  return {
    shells,
    concepts,
    reader,
    submodels,
    elements: createElementService(parts, reader, submodels),
    values: createValueService(parts, reader),
    serialization: createSerializationService({
      documents: parts.documents,
      blobs: parts.blobs,
      shells,
      concepts,
      reader,
    }),
    handles,
    operations: createOperationService({
      reader,
      twin: parts.twin,
      handles,
      clock: parts.clock,
      times,
      own,
      ...(parts.told === undefined ? {} : { told: parts.told }),
    }),
    histories: createSeriesCatalog({ find, twin: parts.twin }),
    registry,
    query: createQueryService({ documents: parts.documents, registry, clock: parts.clock }),
    discovery: createDiscoveryService(parts),
    blobs: parts.blobs,
    attachments: createAttachmentService(parts, reader),
    thumbnails: createThumbnailService(parts, shells),
    packages: createPackageService(parts, (blob) => shellsInPackage(parts.blobs, blob)),
    imports: createImportService({ ...parts, shells, submodels, concepts }),
  };
}
