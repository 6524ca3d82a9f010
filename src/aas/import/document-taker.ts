import type { Collection } from "../../core/document.ts";
import { HubError, type Problem } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import type { BlobRef, Store } from "../../store/contract.ts";
import { fileNames } from "../aasx/package-files.ts";
import type { AasxPart } from "../aasx/read-aasx.ts";
import { escapedName } from "../aasx/write-aasx.ts";
import { isElsewhere } from "../files/file-path.ts";
import { isMediaType } from "../files/media-type.ts";
import type { ConceptDescription, Shell } from "../metamodel/types.ts";
import { commitUnit, type ServiceParts } from "../services/commit.ts";
import type { IdentifiableService } from "../services/identifiable-service.ts";
import type { SubmodelService } from "../services/submodel-service.ts";
import { kindOf } from "./document-kind.ts";
import type { EnvironmentFile } from "./environment-file.ts";
import type { ImportOptions, ImportProgress } from "./import-report.ts";
import { mendSource } from "./mend-source.ts";
import type { SourceDocument } from "./source-document.ts";

export interface ImportParts extends ServiceParts {
  readonly blobs: Pick<Store["blobs"], "write">;
  readonly shells: Pick<IdentifiableService<Shell>, "put">;
  readonly concepts: Pick<IdentifiableService<ConceptDescription>, "put">;
  readonly submodels: Pick<SubmodelService, "put">;
}

/** What one import goes on with. */
export interface ImportRun {
  readonly scope: Scope;
  readonly file: EnvironmentFile;
  readonly options: ImportOptions;
  readonly progress: ImportProgress;
}

/** Bytes of one supplementary file. */
const fileLimit = 4 * 2 ** 30;
/** Refusals that concern one document, and leave the others alone. */
const ofDocument = new Set(["conflict", "invalid", "too-large", "precondition-failed", "already-exists"]);
/** Those of one part of a package. */
const ofPart = new Set(["malformed", "too-large", "unsupported"]);

/** Takes the documents of one file, one after the other, and tells what became of each. */
export class DocumentTaker {
  readonly #parts: ImportParts;
  readonly #run: ImportRun;
  readonly #taken = new Set<string>();
  /** Several documents may name one part: it is unpacked once. */
  readonly #blobs = new Map<string, Promise<BlobRef>>();
  #thumbnail: AasxPart | undefined;

  constructor(parts: ImportParts, run: ImportRun) {
    this.#parts = parts;
    this.#run = run;
    this.#thumbnail = run.options.mode === "mend" ? run.file.thumbnail : undefined;
  }

  /** @throws HubError for what ends the whole import */
  async take(source: SourceDocument): Promise<void> {
    const { options, progress } = this.#run;
    const { collection, report } = kindOf(source.type);
    const { isRight, notes } = options.mode === "mend" ? mendSource(source) : { isRight: true, notes: [] };
    const { id } = source.value as { readonly id: string };
    const isHere = isRight && (await this.#exists(collection, id));
    const isTwice = isRight && this.#taken.has(`${collection} ${id}`);
    if (isHere && !isTwice && options.conflict === "skip") {
      this.#taken.add(`${collection} ${id}`);
      progress.count(report, "skipped");
      return;
    }
    for (const { what, ...problem } of notes) progress.note(what, problem);
    if (!isRight) progress.count(report, "refused");
    else if (isTwice) this.#refuse(source, "/id", { message: `${JSON.stringify(id.slice(0, 200))} occurs twice` });
    else {
      this.#taken.add(`${collection} ${id}`);
      if (source.type === "AssetAdministrationShell") this.#showPackage(source);
      if (!(await this.#put(source, id))) return;
      progress.count(report, isHere ? "replaced" : "created");
      if (collection !== "concept") await this.#takeFiles(source, collection, id);
    }
  }

  async #exists(collection: Collection, id: string): Promise<boolean> {
    return (await this.#parts.documents.get(collection, id)) !== undefined;
  }

  #refuse(source: SourceDocument, pointer: string, problem: Omit<Problem, "place">): void {
    this.#run.progress.count(kindOf(source.type).report, "refused");
    this.#run.progress.note("left-out", { ...problem, place: source.place(pointer) });
  }

  /** False: it was refused, and that was told. */
  async #put(source: SourceDocument, id: string): Promise<boolean> {
    const { scope, progress } = this.#run;
    const { submodels, shells, concepts } = this.#parts;
    const { type, value } = source;
    try {
      if (type === "ConceptDescription") await concepts.put(scope, id, value, undefined);
      else if (type === "AssetAdministrationShell") await shells.put(scope, id, value, undefined);
      else {
        // Rule 5: the file's values for linked leaves are not taken.
        for (const leaf of (await submodels.put(scope, id, value, undefined)).kept) {
          const message = `${leaf} is linked, and keeps showing its signal`;
          progress.note("kept", { place: source.place(""), message, rule: "linked" });
        }
      }
      return true;
    } catch (thrown) {
      if (!(thrown instanceof HubError) || !ofDocument.has(thrown.code)) throw thrown;
      this.#refuse(source, "", { ...thrown.problems[0], message: thrown.message });
      return false;
    }
  }

  async #takeFiles(source: SourceDocument, collection: "shell" | "submodel", id: string): Promise<void> {
    const { scope, file, progress, options } = this.#run;
    for (const name of new Set(fileNames(source.value))) {
      const part = source.part(name);
      if (part === undefined) {
        if (file.format !== "aasx" || isElsewhere(name)) continue;
        const message = `the package has no part ${JSON.stringify(name.slice(0, 200))}, which the document names`;
        progress.note("noted", { place: source.place(""), message, rule: "missing-part" });
        continue;
      }
      try {
        const { digest, size } = await this.#content(part);
        const stored = { name, digest, size, contentType: part.contentType };
        await commitUnit(this.#parts, scope, { mutations: [{ kind: "file.put", collection, id, file: stored }] });
        progress.countFile();
      } catch (thrown) {
        if (options.mode === "strict" || !(thrown instanceof HubError) || !ofPart.has(thrown.code)) throw thrown;
        progress.note("left-out", { place: part.name, message: thrown.message, rule: "damaged-part" });
      }
    }
  }

  #content(part: AasxPart): Promise<BlobRef> {
    const { file, scope } = this.#run;
    const known = this.#blobs.get(part.name);
    const content = known ?? this.#parts.blobs.write(file.open(part), fileLimit, scope.abort);
    this.#blobs.set(part.name, content);
    return content;
  }

  /** The picture of the package becomes that of its first shell without one. */
  #showPackage({ value, place }: SourceDocument): void {
    const { assetInformation } = value as Shell;
    if (this.#thumbnail === undefined || assetInformation.defaultThumbnail !== undefined) return;
    const { name, contentType } = this.#thumbnail;
    this.#thumbnail = undefined;
    const path = escapedName(name);
    Object.assign(assetInformation, { defaultThumbnail: isMediaType(contentType) ? { path, contentType } : { path } });
    const message = `the package's thumbnail ${name} became the shell's`;
    this.#run.progress.note("mended", { place: place("/assetInformation"), message, rule: "package-thumbnail" });
  }
}
