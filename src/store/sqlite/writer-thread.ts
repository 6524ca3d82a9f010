import { workerData } from "node:worker_threads";
import { HubError } from "../../core/errors.ts";
import { noSamples, type SampleColumns } from "../form/sample-columns.ts";
import { serveThread } from "./serve-thread.ts";
import type { WriteJob, WriteOutcome, WriterFigures } from "./write-calls.ts";
import { Writer, type WriterOptions } from "./writer.ts";

/** `open` comes first, and once. */
export type WriterQuestion =
  | { readonly ask: "open" }
  | { readonly ask: "group"; readonly jobs: readonly WriteJob[]; readonly samples?: SampleColumns }
  | { readonly ask: "close" };

export interface GroupAnswer {
  readonly outcomes: readonly WriteOutcome[];
  readonly figures: WriterFigures;
}

/** The writer is made by `open`, so that what goes wrong there is an answer. */
function answers(): (question: WriterQuestion) => unknown {
  let writer: Writer | undefined;
  return (question) => {
    if (question.ask === "open") {
      writer = new Writer(workerData as WriterOptions);
      return writer.figures();
    }
    if (writer === undefined) throw new HubError("internal", "the writer is not open");
    if (question.ask === "close") return writer.close();
    const outcomes = writer.group(question.jobs, question.samples ?? noSamples);
    return { outcomes, figures: writer.figures() } satisfies GroupAnswer;
  };
}

const answer = answers();
serveThread((body) => answer(body as WriterQuestion));
