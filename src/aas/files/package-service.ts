import { randomUUID } from "node:crypto";
import type { DocumentRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Mutation } from "../../core/mutation.ts";
import type { Scope } from "../../core/scope.ts";
import type { BlobRef } from "../../store/contract.ts";
import { checkExpected, commitDecided, type Expected, type ServiceParts, unchanged } from "../services/commit.ts";
import { cursorPlace, cursorText, type PageOf, type PageWish } from "../services/paging.ts";
import { fileNameAt, filePath } from "./file-path.ts";
import type { StoredFile, Upload } from "./file-place.ts";

/** IDTA-01002 v3.1.2, PackageDescription. */
export interface PackageDescription {
  readonly packageId: string;
  readonly aasIds: readonly string[];
}

export interface PackageUpload extends Upload {
  /** The shells that its sender says are in it; undefined: the hub looks. */
  readonly aasIds: readonly string[] | undefined;
}

/** The AASX file server: packages as they came, and which shells are in them. */
export interface PackageService {
  /** In order of creation; `aasId`: those that hold this shell. */
  list(aasId: string | undefined, page: PageWish): Promise<PageOf<PackageDescription>>;
  /** @throws HubError `not-found` */
  get(id: string): Promise<{ readonly file: StoredFile; readonly version: number }>;
  create(scope: Scope, upload: PackageUpload): Promise<PackageDescription>;
  /** Creates or replaces. @throws HubError `precondition-failed` */
  put(scope: Scope, id: string, upload: PackageUpload, expected: Expected): Promise<PutPackage>;
  /** @throws HubError `not-found`, `precondition-failed` */
  delete(scope: Scope, id: string, expected: Expected): Promise<void>;
}

export interface PutPackage {
  readonly created: boolean;
  readonly description: PackageDescription;
}

/** The ids of the shells in a package. @throws HubError for what is no package */
export type ShellsInPackage = (blob: BlobRef) => Promise<readonly string[]>;

const packageType = "application/asset-administration-shell-package";
const longestId = 128;

/** A package is a document, found by the shells in it; its content is the document's one file. */
export function createPackageService(parts: ServiceParts, shellsIn: ShellsInPackage): PackageService {
  const { documents } = parts;

  function putting(id: string, aasIds: readonly string[], { fileName, blob }: PackageUpload): readonly Mutation[] {
    const description: PackageDescription = { packageId: id, aasIds };
    const document = { id, body: JSON.stringify(description), keys: { aasId: [...new Set(aasIds)] } };
    const file = { name: filePath(fileName ?? `${id}.aasx`), contentType: packageType, ...blob };
    return [
      { kind: "document.put", collection: "package", document, parts: [] },
      { kind: "file.put", collection: "package", id, file },
    ];
  }

  async function existing(id: string): Promise<DocumentRow> {
    const row = await documents.get("package", id);
    if (row === undefined) throw new HubError("not-found", `there is no package ${JSON.stringify(id.slice(0, 200))}`);
    return row;
  }

  async function put(scope: Scope, id: string, upload: PackageUpload, expected: Expected): Promise<PutPackage> {
    const aasIds = upload.aasIds ?? (await shellsIn(upload.blob));
    return await commitDecided(parts, scope, async () => {
      const row = await documents.get("package", id);
      checkExpected(expected, row?.version, "the package");
      const mutations = putting(id, aasIds, upload);
      const kept = mutations.flatMap((mutation) => (mutation.kind === "file.put" ? mutation.file.name : []));
      const gone = (await documents.files("package", id)).filter(({ name }) => !kept.includes(name));
      const deletes = gone.map(({ name }): Mutation => ({ kind: "file.delete", collection: "package", id, name }));
      const precondition =
        row === undefined
          ? ({ collection: "package", id, must: "be-absent" } as const)
          : unchanged("package", id, row.version);
      return {
        unit: { preconditions: [precondition], mutations: [...mutations, ...deletes] },
        result: { created: row === undefined, description: { packageId: id, aasIds } },
      };
    });
  }

  return {
    put: async (scope, id, upload, expected) => {
      checkId(id);
      return await put(scope, id, upload, expected);
    },
    async list(aasId, { limit, cursor }) {
      const after = cursor === undefined ? {} : { after: cursorPlace(cursor) };
      const filter = aasId === undefined ? undefined : ({ kind: "key", name: "aasId", in: [aasId] } as const);
      const page = await documents.list("package", filter, { limit, ...after });
      const items = page.items.map((row) => JSON.parse(row.body) as PackageDescription);
      return page.next === undefined ? { items } : { items, cursor: cursorText(page.next) };
    },
    async get(id) {
      const { version } = await existing(id);
      const [row] = await documents.files("package", id);
      if (row === undefined) throw new HubError("not-found", "the package has no content");
      const { digest, size, contentType, name } = row;
      return { version, file: { digest, size, contentType, fileName: fileNameAt(name) } };
    },
    async create(scope, upload) {
      return (await put(scope, randomUUID(), upload, "absent")).description;
    },
    async delete(scope, id, expected) {
      await commitDecided(parts, scope, async () => {
        const { version } = await existing(id);
        checkExpected(expected, version, "the package");
        const mutations: readonly Mutation[] = [{ kind: "document.delete", collection: "package", id }];
        return { unit: { preconditions: [unchanged("package", id, version)], mutations }, result: undefined };
      });
    },
  };
}

/** IDTA-01002 v3.1.2, ShortIdType. @throws HubError `invalid` */
function checkId(id: string): void {
  if (id.length <= longestId) return;
  const message = `a packageId of ${id.length} characters`;
  throw new HubError("invalid", message, {
    problems: [{ place: "packageId", message, expected: `at most ${longestId} characters` }],
  });
}
