import type { Collection } from "../../core/document.ts";
import { HubError, type Problem } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import type { BlobRef, Store } from "../../store/contract.ts";
import { fileNames } from "../aasx/package-files.ts";
import type { AasxPart } from "../aasx/read-aasx.ts";
import { escapedName } from "../aasx/write-aasx.ts";
import { isMediaType } from "../files/media-type.ts";
import type { ConceptDescription, Shell } from "../metamodel/types.ts";
import { commitUnit, type ServiceParts } from "../services/commit.ts";
import type { IdentifiableService } from "../services/identifiable-service.ts";
import type { SubmodelService } from "../services/submodel-service.ts";
import { isObject } from "../validation/check.ts";
import { checkFile } from "./check-file.ts";
import { kindOf } from "./document-kind.ts";
import { type EnvironmentFile, openEnvironmentFile } from "./environment-file.ts";
import { type ImportOptions, ImportProgress, type ImportReport } from "./import-report.ts";
import { leaveOut } from "./leave-out.ts";
import type { LooseObject } from "./loose-object.ts";
import { mend } from "./mend.ts";
import { MendLog } from "./mend-log.ts";
import type { SourceDocument } from "./source-document.ts";

export interface ImportService {
  /**
   * Takes the documents of a file (JSON, XML, AASX with its files) into the repositories, one commit a document. Resolves
   * once the file is opened and, where it has to be, checked whole: from then on documents are taken.
   * @throws HubError `invalid` or `already-exists`, `malformed` for what cannot be read
   */
  begin(scope: Scope, path: string, options: ImportOptions): Promise<RunningImport>;
  /** Begins, and waits for the end. */
  run(scope: Scope, path: string, options: ImportOptions): Promise<ImportReport>;
}

export interface RunningImport {
  /**
   * Settles when no more is taken. Rejects with `malformed` for what cannot be read further, `store-full`, `aborted`: what
   * was taken by then stays, and another import goes on from there.
   */
  readonly done: Promise<ImportReport>;
}

export interface ImportParts extends ServiceParts {
  readonly blobs: Pick<Store["blobs"], "write">;
  readonly shells: Pick<IdentifiableService<Shell>, "put">;
  readonly concepts: Pick<IdentifiableService<ConceptDescription>, "put">;
  readonly submodels: Pick<SubmodelService, "put">;
}

/** Bytes of one supplementary file. */
const fileLimit = 4 * 2 ** 30;
/** Refusals that concern one document, and leave the others alone. */
const ofOne: ReadonlySet<string> = new Set([
  "conflict",
  "invalid",
  "too-large",
  "precondition-failed",
  "already-exists",
]);

export function createImportService(parts: ImportParts): ImportService {
  const { documents } = parts;
  const exists = async (collection: Collection, id: string): Promise<boolean> =>
    (await documents.get(collection, id)) !== undefined;

  async function begin(scope: Scope, path: string, options: ImportOptions): Promise<RunningImport> {
    const file = await openEnvironmentFile(path);
    try {
      if (options.mode === "strict" || options.conflict === "fail") await checkFile(file, options, exists);
    } catch (thrown) {
      file.close();
      throw thrown;
    }
    const progress = new ImportProgress();
    const taking = take(scope, file, options, progress).finally(() => file.close());
    return { done: taking.then(() => progress.report(file.format)) };
  }

  return {
    begin,
    run: async (scope, path, options) => await (await begin(scope, path, options)).done,
  };

  async function take(
    scope: Scope,
    file: EnvironmentFile,
    options: ImportOptions,
    progress: ImportProgress,
  ): Promise<void> {
    const taken = new Set<string>();
    const blobs = new Map<string, Promise<BlobRef>>();
    let thumbnail = options.mode === "mend" ? file.thumbnail : undefined;
    const stray = (problems: readonly Problem[]): void => {
      for (const problem of problems) progress.note("left-out", problem);
    };
    for await (const source of file.documents(stray)) {
      scope.abort.throwIfAborted();
      const { report } = kindOf(source.type);
      if (options.mode === "mend") {
        if (!mended(source, progress)) {
          progress.count(report, "refused");
          continue;
        }
        if (thumbnail !== undefined && source.type === "AssetAdministrationShell") {
          if (showPackage(source, thumbnail, progress)) thumbnail = undefined;
        }
      }
      await takeOne(scope, file, source, { options, progress, taken, blobs });
    }
  }

  interface Course {
    readonly options: ImportOptions;
    readonly progress: ImportProgress;
    readonly taken: Set<string>;
    readonly blobs: Map<string, Promise<BlobRef>>;
  }

  async function takeOne(
    scope: Scope,
    file: EnvironmentFile,
    source: SourceDocument,
    { options, progress, taken, blobs }: Course,
  ): Promise<void> {
    const { collection, report } = kindOf(source.type);
    const { id } = source.value as { readonly id: string };
    const refuse = (place: string, message: string, problem: Partial<Problem> = {}): void => {
      progress.count(report, "refused");
      progress.note("left-out", { ...problem, place, message });
    };
    if (taken.has(`${collection} ${id}`))
      return refuse(source.place("/id"), `${JSON.stringify(id.slice(0, 200))} occurs twice`);
    taken.add(`${collection} ${id}`);
    const isHere = await exists(collection, id);
    if (isHere && options.conflict === "skip") return progress.count(report, "skipped");
    try {
      for (const leaf of await put(scope, source, id)) {
        const message = `${leaf} is linked, and keeps showing its signal`;
        progress.note("kept", { place: source.place(""), message, rule: "linked" });
      }
    } catch (thrown) {
      if (!(thrown instanceof HubError) || !ofOne.has(thrown.code)) throw thrown;
      refuse(source.place(""), thrown.message, thrown.problems[0]);
      return;
    }
    progress.count(report, isHere ? "replaced" : "created");
    if (collection !== "concept") await takeFiles(scope, file, source, collection, id, progress, blobs);
  }

  /** Gives the linked leaves for which the file has another value than they show (rule 5). */
  async function put(scope: Scope, { type, value }: SourceDocument, id: string): Promise<readonly string[]> {
    if (type === "Submodel") return (await parts.submodels.put(scope, id, value, undefined)).kept;
    await parts[type === "ConceptDescription" ? "concepts" : "shells"].put(scope, id, value, undefined);
    return [];
  }

  async function takeFiles(
    scope: Scope,
    file: EnvironmentFile,
    source: SourceDocument,
    collection: "shell" | "submodel",
    id: string,
    progress: ImportProgress,
    blobs: Map<string, Promise<BlobRef>>,
  ): Promise<void> {
    for (const name of new Set(fileNames(source.value))) {
      const part = source.part(name);
      if (part === undefined) {
        if (file.format === "aasx" && !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(name)) {
          const message = `the package has no part ${JSON.stringify(name.slice(0, 200))}, which the document names`;
          progress.note("noted", { place: source.place(""), message, rule: "missing-part" });
        }
        continue;
      }
      // Several documents may name one part: it is unpacked once.
      const content =
        blobs.get(part.name) ?? file.open(part).then((stream) => parts.blobs.write(stream, fileLimit, scope.abort));
      blobs.set(part.name, content);
      const { digest, size } = await content;
      const stored = { name, digest, size, contentType: part.contentType };
      await commitUnit(parts, scope, { mutations: [{ kind: "file.put", collection, id, file: stored }] });
      progress.countFile();
    }
  }
}

/** False: it is not taken. */
function mended({ type, value, problems, place }: SourceDocument, progress: ImportProgress): boolean {
  for (const problem of problems) progress.note("left-out", problem);
  if (!isObject(value)) return false;
  const mends = new MendLog(place);
  mend(value as LooseObject, type, mends);
  for (const one of mends.mends) progress.note("mended", one);
  const losses = new MendLog(place);
  const isRight = leaveOut(value, kindOf(type).validate, losses);
  for (const one of losses.mends) progress.note("left-out", one);
  return isRight;
}

/** The picture of the package becomes that of its first shell without one. */
function showPackage(
  { value, place }: SourceDocument,
  { name, contentType }: AasxPart,
  progress: ImportProgress,
): boolean {
  const { assetInformation } = value as Shell;
  if (assetInformation.defaultThumbnail !== undefined) return false;
  const path = escapedName(name);
  const defaultThumbnail = isMediaType(contentType) ? { path, contentType } : { path };
  Object.assign(assetInformation, { defaultThumbnail });
  const message = `the package's thumbnail ${name} became the shell's`;
  progress.note("mended", { place: place("/assetInformation"), message, rule: "package-thumbnail" });
  return true;
}
