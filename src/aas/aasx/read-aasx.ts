import type { Readable } from "node:stream";
import type { BlobArchive } from "./blob-archive.ts";
import { packageError } from "./package-error.ts";
import { type ContentTypes, type Relationship, readContentTypes, readRelationships } from "./package-xml.ts";
import { extensionOf, partKey, partNamed, relationshipsOf } from "./part-name.ts";
import { type RelationshipKind, relationshipKind } from "./relationship-types.ts";
import { defaultPackageLimits, openZipParts, type PackageLimits, type Part, type ZipParts } from "./zip-parts.ts";

export interface AasxPart extends Part {
  readonly contentType: string;
}

/** A part that holds an Environment. */
export interface AasxSpec extends AasxPart {
  readonly format: "json" | "xml";
}

/** An AASX package (IDTA-01005 v3.1) that is open; its parts are streamed. */
export interface Aasx {
  readonly specs: readonly AasxSpec[];
  /** Specifications in a form that is not read here. */
  readonly foreign: readonly AasxPart[];
  /** Of the package as a whole. */
  readonly thumbnail: AasxPart | undefined;
  /** The part that a File's value or a thumbnail's path names, as it stands in `spec`. */
  part(reference: string, spec: AasxSpec): AasxPart | undefined;
  /** The stream fails with `malformed` where the part is damaged. */
  open(part: Part): Readable;
  close(): void;
}

const contentTypesPart = "/[Content_Types].xml";
const fallbackType = "application/octet-stream";

/**
 * Opens a package where it lies: a file's path, or an archive among the blobs; it must stay until the package is closed.
 * Nothing is held in memory but the list of parts.
 * @throws HubError `not-found`, `malformed`, `invalid`, `too-large`, `unsupported`, with the part's name
 */
export async function openAasx(
  archive: string | BlobArchive,
  limits: PackageLimits = defaultPackageLimits,
): Promise<Aasx> {
  const zip = await openZipParts(archive, limits);
  try {
    return await readAasx(zip);
  } catch (thrown) {
    zip.close();
    throw thrown;
  }
}

async function readAasx(zip: ZipParts): Promise<Aasx> {
  const typesPart = zip.find(contentTypesPart);
  if (typesPart === undefined) {
    throw packageError("malformed", contentTypesPart, "the part is missing", "the content types of an OPC package");
  }
  const types = await readContentTypes(zip.open(typesPart), contentTypesPart);
  if (zip.find(relationshipsOf("/")) === undefined) {
    throw packageError("malformed", "/_rels/.rels", "the part is missing", "the relationships of an OPC package");
  }
  const typed = (part: Part): AasxPart => ({ ...part, contentType: contentTypeOf(part.name, types) });
  const root = await related(zip, "/");
  const specs: AasxSpec[] = [];
  const foreign: AasxPart[] = [];
  for (const origin of root.filter(({ kind }) => kind === "origin")) {
    for (const { kind, part } of await related(zip, origin.part.name)) {
      if (kind !== "spec" || [...specs, ...foreign].some(({ name }) => name === part.name)) continue;
      const spec = typed(part);
      const format = formatOf(spec);
      if (format === undefined) foreign.push(spec);
      else specs.push({ ...spec, format });
    }
  }
  const thumbnail = root.find(({ kind }) => kind === "thumbnail")?.part;
  return {
    specs,
    foreign,
    thumbnail: thumbnail === undefined ? undefined : typed(thumbnail),
    part(reference, spec) {
      const name = partNamed(reference, spec.name);
      const part = name === undefined ? undefined : zip.find(name);
      return part === undefined ? undefined : typed(part);
    },
    open: (part) => zip.open(part),
    close: () => zip.close(),
  };
}

interface Related {
  readonly kind: RelationshipKind | undefined;
  readonly part: Part;
}

/** What a part, or the package, is related to; each of them has to be there. */
async function related(zip: ZipParts, source: string): Promise<readonly Related[]> {
  const name = relationshipsOf(source);
  const part = zip.find(name);
  if (part === undefined) return [];
  return (await readRelationships(zip.open(part), name)).map(({ type, target }: Relationship) => {
    const found = zip.find(partNamed(target, source) ?? "");
    if (found === undefined) {
      throw packageError(
        "invalid",
        name,
        `it names ${target.slice(0, 200)}, which is not there`,
        "a part of the package",
      );
    }
    return { kind: relationshipKind(type), part: found };
  });
}

function contentTypeOf(name: string, { overrides, defaults }: ContentTypes): string {
  return overrides.get(partKey(name)) ?? defaults.get(extensionOf(name)) ?? fallbackType;
}

/** By its extension, as packages give all kinds of types to it; by its type where it has none. */
function formatOf({ name, contentType }: AasxPart): "json" | "xml" | undefined {
  const extension = extensionOf(name);
  if (extension === "json" || extension === "xml") return extension;
  return /^[\w.+-]+\/(?:[\w.-]+\+)?(json|xml)\b/.exec(contentType)?.[1] as "json" | "xml" | undefined;
}
