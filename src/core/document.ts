/**
 * Both standards store documents made of parts: a submodel and its elements, an entity and its attribute instances.
 * The store knows this form alone; what a body means is known in `aas/` and `ngsi-ld/`.
 */
export const collections = [
  "shell",
  "submodel",
  "concept",
  "entity",
  "shellDescriptor",
  "submodelDescriptor",
  "assetLinks",
  "package",
  /**
   * Heads of entities that have a past alone: where an entity is deleted or expires, its id and keys are kept here
   * by the store (as what was made then and changed when it went), until it is made anew or its history is past its
   * retention too.
   */
  "evolution",
] as const;
export type Collection = (typeof collections)[number];

/** Look-up keys of a document, by name: `type`, `idShort`, `semanticId`, `assetId`, `scope`, … each with its values. */
export type DocumentKeys = Readonly<Record<string, readonly string[]>>;

export interface NewDocument {
  readonly id: string;
  /** JSON text of the document without its parts, verbatim in the standard that it came in. */
  readonly body: string;
  readonly keys: DocumentKeys;
  /** Milliseconds since the epoch; the document is gone from then on (NGSI-LD `expiresAt`). */
  readonly expiresAt?: number;
  /** The mapping file that made it; absent for what a client made. */
  readonly owner?: string;
}

export interface DocumentRow extends NewDocument {
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** The `seq` of the last commit that touched the document or a part of it; live signals do not count. */
  readonly version: number;
  /** Order of creation, the stable order of pages. */
  readonly ordinal: number;
}

export interface NewPart {
  /** Unique in its document: an idShortPath, or attribute name and datasetId. */
  readonly key: string;
  /** The key of the part it lies in; absent for a part right below the document. */
  readonly parent?: string;
  /** The short name: idShort, or the attribute's expanded name. */
  readonly name: string;
  /** `Property`, `SubmodelElementList`, `GeoProperty`, … */
  readonly kind: string;
  /** JSON text without the parts below it. */
  readonly body: string;
  /** The one value that it says, as a number or as text, for indexed queries; neither where it says none or several. */
  readonly num?: number;
  readonly text?: string;
  readonly expiresAt?: number;
}

export interface PartRow extends NewPart {
  /** Place among its siblings, ascending. */
  readonly position: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** What a text of the whole document is put together from. */
export type PartText = Pick<PartRow, "key" | "parent" | "kind" | "body">;

/** A file that belongs to a document: an attachment's or thumbnail's content, under the name that the document uses. */
export interface NewFile {
  /** Unique in its document: what the File element or the thumbnail says as its value, e.g. `/aasx/files/manual.pdf`. */
  readonly name: string;
  /** Of the content in the store of blobs: SHA-256 in hex, and its bytes. */
  readonly digest: string;
  readonly size: number;
  readonly contentType: string;
}

export interface FileRow extends NewFile {
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** The address of one leaf that can be linked: neutral to the standards, the form in which links and overlays meet. */
export interface LeafAddress {
  readonly collection: Collection;
  readonly document: string;
  readonly part: string;
}
