import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { HubError } from "../../core/errors.ts";
import type { ApiRequest } from "../operation-types.ts";
import { adminJson } from "./admin-json.ts";
import { type AdminOperation, type ChoiceParameter, change, choiceOf } from "./admin-operation.ts";
import type { AdminPorts, ImportWish, RunningImport } from "./ports.ts";

const mode: ChoiceParameter<ImportWish["mode"]> = {
  name: "mode",
  description: "`strict` takes all or nothing; `mend` mends what it can, leaves out the rest, and tells both.",
  choices: ["mend", "strict"],
};
const conflict: ChoiceParameter<ImportWish["conflict"]> = {
  name: "conflict",
  description: "What becomes of documents whose id is here already; `fail`: nothing is taken.",
  choices: ["skip", "replace", "fail"],
};
const tenant = { name: "tenant", description: "The tenant that gets them; `default` without." } as const;

/** Bytes of one upload. */
const bodyLimit = 4 * 2 ** 30;

/** Long imports say a space now and then, so that nobody on the way takes the silence for the end; ms. */
const sign = 15_000;

/** The report once it is there, of an import that ended half-way too, as JSON with white space before it. */
function whileTaking({ done, soFar }: RunningImport, request: ApiRequest): AsyncIterable<string> {
  // Listened to from now on: nobody may read the answer to its end.
  const ended = done.then(
    (report) => report,
    (thrown: unknown) => {
      const { code, message, problems } = HubError.from(thrown);
      return { ...soFar(), failed: { code, message, problems } };
    },
  );
  return signsUntil(ended, (report) => String(adminJson(report, request).body));
}

async function* signsUntil<T extends object>(ended: Promise<T>, text: (report: T) => string): AsyncGenerator<string> {
  for (;;) {
    const waiting = new AbortController();
    const { signal } = waiting;
    const report = await Promise.race([ended, setTimeout(sign, undefined, { signal }).catch(() => undefined)]);
    waiting.abort();
    if (report === undefined) yield " ";
    else {
      yield text(report);
      return;
    }
  }
}

/** AAS documents of a file into the repositories: the body is JSON, XML or an AASX package, whatever it is called. */
export function importOperation({ imports }: AdminPorts): AdminOperation {
  const summary = "Take the AAS documents of the body (JSON, XML, AASX with its files) into the repositories";
  const operation = change("ImportEnvironment", "/import", summary, async (request) => {
    const wish = { mode: choiceOf(request.query, mode), conflict: choiceOf(request.query, conflict) };
    const scope = { ...request.scope, tenant: request.query.get(tenant.name) ?? "default" };
    const running = await imports.begin(scope, request.stream(), wish);
    return { status: 200, type: "application/json", body: Readable.from(whileTaking(running, request)) };
  });
  return { ...operation, query: [mode, conflict, tenant], bodyLimit, gives: "200" };
}
