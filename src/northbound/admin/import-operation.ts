import { adminJson } from "./admin-json.ts";
import { type AdminOperation, type ChoiceParameter, change, choiceOf } from "./admin-operation.ts";
import type { AdminPorts, ImportWish } from "./ports.ts";

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

/** AAS documents of a file into the repositories: the body is JSON, XML or an AASX package, whatever it is called. */
export function importOperation({ imports }: AdminPorts): AdminOperation {
  const summary = "Take the AAS documents of the body (JSON, XML, AASX with its files) into the repositories";
  const operation = change("ImportEnvironment", "/import", summary, async (request) => {
    const wish = { mode: choiceOf(request.query, mode), conflict: choiceOf(request.query, conflict) };
    const scope = { ...request.scope, tenant: request.query.get(tenant.name) ?? "default" };
    return adminJson(await imports.run(scope, request.stream(), wish), request);
  });
  return { ...operation, query: [mode, conflict, tenant], bodyLimit, gives: "200" };
}
