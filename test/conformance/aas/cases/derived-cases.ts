import { type Ask, asks, type Case } from "../case.ts";
import type { OfficialOperation, OfficialParameter } from "../official/openapi.ts";
import { pathParameters } from "../official/route.ts";
import { b64 } from "../world.ts";

/**
 * What any operation owes, made from its plain success: an identifier that is malformed or of nothing, a parameter out
 * of its range, a body that does not parse. Only what the operation documents.
 */
export function derivedCases(operation: OfficialOperation, success: Case): readonly Case[] {
  const { verb, path } = operation;
  const names = pathParameters(operation);
  const changed = (status: number, what: string, change: (ask: Ask) => Ask): Case =>
    asks(verb, path, status, async (world) => change(await success.ask(world)), what);
  const malformed = [
    ...names.map((name) =>
      changed(400, `${name} is malformed`, (ask) =>
        withParameter(ask, name, name === "idShortPath" ? "a[" : "no base64url!"),
      ),
    ),
    ...operation.parameters.flatMap((parameter) =>
      wrongValues(parameter).map((value) =>
        changed(400, `${parameter.name}=${value}`, (ask) => ({
          ...ask,
          query: { ...ask.query, [parameter.name]: value },
        })),
      ),
    ),
    ...(operation.takes.length > 0 ? [changed(400, "a body that does not parse", broken)] : []),
  ];
  const unknown = names
    .filter((name) => !mayCreate(operation, name))
    .map((name) =>
      changed(404, `${name} of nothing`, (ask) =>
        withParameter(ask, name, name === "idShortPath" ? `Nobody.${ask.params?.idShortPath}` : b64("urn:test:nobody")),
      ),
    );
  return [...malformed, ...unknown].filter(({ status }) => operation.answers.has(String(status)));
}

function withParameter(ask: Ask, name: string, value: string): Ask {
  return { ...ask, params: { ...ask.params, [name]: value } };
}

function wrongValues({ in: where, name, schema }: OfficialParameter): readonly string[] {
  if (where !== "query" || schema === undefined) return [];
  if (schema.type === "integer") return ["0", "-1", "many"];
  if (schema.enum !== undefined || schema.$ref !== undefined) return ["#####"];
  return name === "cursor" ? [""] : [];
}

function broken({ form, ...ask }: Ask): Ask {
  if (form === undefined) return { ...ask, body: '{"modelType":' };
  return { ...ask, body: "no parts", headers: { "content-type": "multipart/form-data" } };
}

/** A PUT of what is not there makes it, and a shell need not be known to have asset links. */
function mayCreate({ verb, path }: OfficialOperation, name: string): boolean {
  if (path.startsWith("/lookup/") && verb === "POST") return true;
  return verb === "PUT" && name !== "idShortPath" && path.endsWith(`{${name}}`);
}
