import { type Ask, asks, type Case } from "../case.ts";
import { filled, type World } from "../world.ts";
import type { Tree } from "./tree.ts";

/** The Operation that the hub's mapping binds to a write. */
const operation = "Reset";
const duration = { clientTimeoutDuration: "PT10S" };
const whole = {
  inputArguments: [{ value: { modelType: "Property", idShort: "Code", valueType: "xs:string", value: "full" } }],
};
const valueOnly = { inputArguments: { Code: "full" } };

/** Operations at once and with handles, in elements and in values. */
export function invokeCases({ path: root, params }: Tree): readonly Case[] {
  const element = `${root}/submodel-elements/{idShortPath}`;
  // As the official OpenAPI spells it below `/aas`.
  const begin = `${element}/${root.startsWith("/aas/") ? "invoke-asnyc" : "invoke-async"}`;
  const status = `${element}/operation-status/{handleId}`;
  const result = `${element}/operation-results/{handleId}`;
  const at = (idShortPath: string): { readonly params: Readonly<Record<string, string>> } => ({
    params: { ...params, idShortPath },
  });
  async function ended(world: World): Promise<Ask> {
    const body = { ...whole, ...duration };
    const {
      status: accepted,
      headers,
      bytes,
    } = await world.send("POST", filled(begin, at(operation).params), { body });
    if (accepted !== 202) throw new Error(`the operation was not begun: ${accepted} ${bytes}`);
    const filling = { params: { ...at(operation).params, handleId: headers.get("location")?.split("/").at(-1) ?? "" } };
    await world.until(filled(status, filling.params), (answer) => answer.status === 302);
    return filling;
  }
  return [
    carriedOut(asks("POST", `${element}/invoke`, 200, () => ({ ...at(operation), body: whole }))),
    carriedOut(asks("POST", `${element}/invoke/$value`, 200, () => ({ ...at(operation), body: valueOnly }))),
    asks("POST", begin, 202, () => ({ ...at(operation), body: { ...whole, ...duration } })),
    asks("POST", `${element}/invoke-async/$value`, 202, () => ({
      ...at(operation),
      body: { ...valueOnly, ...duration },
    })),
    asks("GET", status, 302, ended),
    carriedOut(asks("GET", result, 200, ended)),
    carriedOut(asks("GET", `${result}/$value`, 200, ended)),
    ...["invoke", "invoke/$value", "invoke-async", "invoke-async/$value"]
      .filter(() => !root.startsWith("/aas/"))
      .map((below) => asks("POST", `${element}/${below}`, 405, () => ({ ...at("Speed"), body: {} }), "a Property")),
    asks(
      "POST",
      `${element}/invoke`,
      400,
      () => ({ ...at(operation), body: { inputArguments: [] } }),
      "an argument is missing",
    ),
  ];
}

/** A device that refuses is 200, too: what became of the operation stands in the body. */
function carriedOut(one: Case): Case {
  const wrong = (body: string): string | undefined =>
    JSON.parse(body).executionState === "Completed" ? undefined : `not carried out: ${body}`;
  return { ...one, wrong };
}
