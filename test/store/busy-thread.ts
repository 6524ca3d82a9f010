import { serveThread } from "../../src/store/sqlite/serve-thread.ts";

/** A thread for tests: answers with the question, and never to `for ever`. */
serveThread((question) => {
  while (question === "for ever");
  return question;
});
