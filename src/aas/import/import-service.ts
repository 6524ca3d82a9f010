import { HubError, type Problem } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import { checkFile } from "./check-file.ts";
import { DocumentTaker, type ImportParts, type ImportRun } from "./document-taker.ts";
import { openEnvironmentFile } from "./environment-file.ts";
import { type ImportOptions, ImportProgress, type ImportReport } from "./import-report.ts";

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
  /** What was taken until now. */
  soFar(): ImportReport;
}

export function createImportService(parts: ImportParts): ImportService {
  async function begin(scope: Scope, path: string, options: ImportOptions): Promise<RunningImport> {
    const file = await openEnvironmentFile(path);
    try {
      if (options.mode === "strict" || options.conflict === "fail") {
        await checkFile(
          file,
          options,
          async (collection, id) => (await parts.documents.get(collection, id)) !== undefined,
        );
      }
    } catch (thrown) {
      file.close();
      throw thrown;
    }
    const progress = new ImportProgress();
    const taking = takeAll(parts, { scope, file, options, progress }).finally(() => file.close());
    const soFar = (): ImportReport => progress.report(file.format);
    return { done: taking.then(soFar), soFar };
  }

  return {
    begin,
    run: async (scope, path, options) => await (await begin(scope, path, options)).done,
  };
}

async function takeAll(parts: ImportParts, run: ImportRun): Promise<void> {
  const { scope, file, progress } = run;
  const taker = new DocumentTaker(parts, run);
  const stray = (problems: readonly Problem[]): void => {
    for (const problem of problems) progress.note("left-out", problem);
  };
  for await (const source of file.documents(stray)) {
    if (scope.abort.aborted) throw new HubError("aborted", "the import was given up");
    await taker.take(source);
  }
}
