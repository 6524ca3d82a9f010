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
import { commitUnit, type Expected, type ServiceParts } from "../services/commit.ts";
import type { IdentifiableService } from "../services/identifiable-service.ts";
import type { SubmodelService } from "../services/submodel-service.ts";
import { kindOf } from "./document-kind.ts";
import type { EnvironmentFile } from "./environment-file.ts";
import type { ImportCounts, ImportOptions, ImportProgress } from "./import-report.ts";
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
    const outcome = !isRight ? "refused" : isTwice ? this.#refuseTwin(source, id) : await this.#put(source, id);
    progress.count(report, outcome);
    const isTaken = outcome === "created" || outcome === "replaced";
    if (isTaken && collection !== "concept") await this.#takeFiles(source, collection, id);
  }

  async #exists(collection: Collection, id: string): Promise<boolean> {
    return (await this.#parts.documents.get(collection, id)) !== undefined;
  }

  #refuse(source: SourceDocument, pointer: string, problem: Omit<Problem, "place">): "refused" {
    this.#run.progress.note("left-out", { ...problem, place: source.place(pointer) });
    return "refused";
  }

  #refuseTwin(source: SourceDocument, id: string): "refused" {
    return this.#refuse(source, "/id", { message: `${JSON.stringify(id.slice(0, 200))} occurs twice` });
  }

  /** What became of the document; a refusal is told. Another import may have brought it since it was looked for. */
  async #put(source: SourceDocument, id: string): Promise<keyof ImportCounts> {
    const { conflict } = this.#run.options;
    this.#taken.add(`${kindOf(source.type).collection} ${id}`);
    if (source.type === "AssetAdministrationShell") this.#showPackage(source);
    try {
      return (await this.#write(source, id, conflict === "replace" ? undefined : "absent")) ? "created" : "replaced";
    } catch (thrown) {
      if (!(thrown instanceof HubError) || !ofDocument.has(thrown.code)) throw thrown;
      if (thrown.code === "precondition-failed" && conflict === "skip") return "skipped";
      return this.#refuse(source, "", { ...thrown.problems[0], message: thrown.message });
    }
  }

  /** @returns whether it is new */
  async #write({ type, value, place }: SourceDocument, id: string, expected: Expected): Promise<boolean> {
    const { scope, progress } = this.#run;
    const { submodels, shells, concepts } = this.#parts;
    if (type === "ConceptDescription") return await concepts.put(scope, id, value, expected);
    if (type === "AssetAdministrationShell") return await shells.put(scope, id, value, expected);
    const { created, kept } = await submodels.put(scope, id, value, expected);
    // Rule 5: the file's values for linked leaves are not taken.
    for (const leaf of kept) {
      const message = `${leaf} is linked, and keeps showing its signal`;
      progress.note("kept", { place: place(""), message, rule: "linked" });
    }
    return created;
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
