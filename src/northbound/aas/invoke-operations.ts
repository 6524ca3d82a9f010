import { parseIdShortPath } from "../../aas/id-short-path.ts";
import { parseExactJson } from "../../aas/json/exact-json.ts";
import { operationResult } from "../../aas/operations/operation-outcome.ts";
import type { ArgumentContent } from "../../aas/operations/read-request.ts";
import type { AasServices } from "../../aas/services/aas-services.ts";
import type { ApiRequest, ApiResponse } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { json } from "./answer.ts";
import { invokeNames } from "./invoke-names.ts";
import { bodyText, identifierOf, jsonBody, toBase64url } from "./parameters.ts";
import type { SubmodelRoot } from "./submodel-root.ts";

/** As `async-handles.ts` makes them. */
const plainHandle = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Seconds after which asking for a running operation again makes sense. */
const retryAfter = "1";

/** IDTA-01002 v3.1.2, InvokeOperationSync to GetOperationAsyncResult, "Asynchronous Invocation". */
export function invokeOperations(root: SubmodelRoot): readonly OperationForm[] {
  const path = `${root.path}/submodel-elements/{idShortPath}`;
  const names = invokeNames(root);

  async function placeOf(request: ApiRequest, services: AasServices) {
    const text = request.params.idShortPath ?? "";
    parseIdShortPath(text);
    return { submodel: await root.locate(request, services), path: text };
  }

  const urlOf = (request: ApiRequest, submodel: string, place: string, below: string): string =>
    `${root.url(request, submodel)}/submodel-elements/${encodeURIComponent(place)}/${below}`;

  const sync = (name: string, content: ArgumentContent): OperationForm => ({
    name,
    method: "POST",
    path: `${path}/invoke${suffixOf(content)}`,
    takes: `OperationRequest${schemaOf(content)}`,
    gives: `OperationResult${schemaOf(content)}`,
    success: [200],
    async handle(request, services) {
      const place = await placeOf(request, services);
      const body = await bodyOf(request, content);
      const outcome = await services.operations.invoke(request.scope, place.submodel, place.path, body, content);
      return json(operationResult(outcome, content));
    },
  });

  const begin = (name: string, content: ArgumentContent, spelled = "invoke-async"): OperationForm => ({
    name,
    method: "POST",
    path: `${path}/${spelled}${suffixOf(content)}`,
    takes: `OperationRequestAsync${schemaOf(content)}`,
    success: [202],
    async handle(request, services): Promise<ApiResponse> {
      const place = await placeOf(request, services);
      const body = await bodyOf(request, content);
      const handle = await services.operations.start(request.scope, place.submodel, place.path, body, content);
      const location = urlOf(request, place.submodel, place.path, `operation-status/${toBase64url(handle)}`);
      return { status: 202, headers: { location, "retry-after": retryAfter } };
    },
  });

  const result = (name: string, content: ArgumentContent): OperationForm => ({
    name,
    method: "GET",
    path: `${path}/operation-results/{handleId}${suffixOf(content)}`,
    gives: `OperationResult${schemaOf(content)}`,
    async handle(request, services) {
      const place = await placeOf(request, services);
      const { outcome } = await services.operations.state(place.submodel, place.path, handleOf(request));
      return json(operationResult(outcome, content));
    },
  });

  const status: OperationForm = {
    name: `GetOperationAsyncStatus${names.suffix}`,
    method: "GET",
    path: `${path}/operation-status/{handleId}`,
    gives: "BaseOperationResult",
    success: [200, 302],
    async handle(request, services): Promise<ApiResponse> {
      const place = await placeOf(request, services);
      const handle = handleOf(request);
      const { outcome, content } = await services.operations.state(place.submodel, place.path, handle);
      if (outcome.executionState === "Running") {
        const { body, ...answer } = json(operationResult(outcome, content));
        return { ...answer, body: body ?? "", headers: { "retry-after": retryAfter, "cache-control": "no-store" } };
      }
      const below = `operation-results/${toBase64url(handle)}${suffixOf(content)}`;
      const location = urlOf(request, place.submodel, place.path, below);
      return { status: 302, headers: { location, "cache-control": "no-store" } };
    },
  };

  return [
    sync(names.sync, "normal"),
    sync(names.syncValue, "value"),
    begin(`InvokeOperationAsync${names.suffix}`, "normal"),
    // Misspelled in IDTA's OpenAPI: clients made from it ask there.
    ...(root.path.startsWith("/aas/") ? [begin(`InvokeOperationAsnyc${names.suffix}`, "normal", "invoke-asnyc")] : []),
    begin(`InvokeOperationAsync-ValueOnly${names.suffix}`, "value"),
    status,
    result(`GetOperationAsyncResult${names.suffix}`, "normal"),
    result(`GetOperationAsyncResult-ValueOnly${names.suffix}`, "value"),
  ];
}

const suffixOf = (content: ArgumentContent): string => (content === "value" ? "/$value" : "");
const schemaOf = (content: ArgumentContent): string => (content === "value" ? "ValueOnly" : "");

async function bodyOf(request: ApiRequest, content: ArgumentContent): Promise<unknown> {
  return content === "value" ? parseExactJson(await bodyText(request)) : await jsonBody(request);
}

/** The handle in base64url, as the parameter is described; the bare one that some clients send is taken too. */
function handleOf(request: ApiRequest): string {
  const given = request.params.handleId ?? "";
  return plainHandle.test(given) ? given : identifierOf(request, "handleId");
}
