import { workerData } from "node:worker_threads";
import { answerRead, type ReadQuestion } from "./read-calls.ts";
import { Reader } from "./reader.ts";
import { serveThread } from "./serve-thread.ts";

/** The reader is opened by the first question, so that what goes wrong there is an answer. */
function answers(file: string): (question: ReadQuestion) => unknown {
  let reader: Reader | undefined;
  return (question) => {
    reader ??= new Reader(file);
    return answerRead(reader, question);
  };
}

const answer = answers((workerData as { file: string }).file);
serveThread((body) => answer(body as ReadQuestion));
