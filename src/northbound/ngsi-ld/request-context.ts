import { HubError } from "../../core/errors.ts";
import type { Context, Contexts } from "../../ngsi-ld/context/contexts.ts";
import { isArray, isObject, type Json } from "../../ngsi-ld/json/json.ts";
import { parseBody } from "../../ngsi-ld/json/parse-body.ts";
import { CONTEXT_RELATION } from "../../ngsi-ld/vocabulary.ts";
import type { ApiRequest } from "../operation-types.ts";
import { bodyType, LD_TYPE } from "./media-type.ts";

const LINK = /<([^>]*)>\s*((?:;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^",;\s]+)\s*)*)/g;

/** The target of the Link header's JSON-LD context (6.3.5). Throws HubError `invalid` for more than one. */
export function linkedContext(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const targets: string[] = [];
  for (const [, target = "", parameters = ""] of header.matchAll(LINK)) {
    const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]+))/i.exec(parameters);
    if ((relation?.[1] ?? relation?.[2])?.split(/\s+/).includes(CONTEXT_RELATION)) targets.push(target);
  }
  if (targets.length > 1) throw new HubError("invalid", "there is more than one Link to an @context");
  return targets[0];
}

/** The context of a request without a body of its own meaning: its Link header, else the core context (6.3.5). */
export async function contextOfHeader(request: ApiRequest, contexts: Contexts): Promise<Context> {
  const target = linkedContext(request.headers.link);
  if (target === undefined) return contexts.default;
  contexts.alsoServedAt(`${request.baseUrl}/jsonldContexts/`);
  return contexts.resolve(target);
}

export interface ReadBody {
  readonly json: Json;
  readonly context: Context;
}

/** The body and the context it is written in (5.2.3). Throws as 6.3.4, 6.3.5 and 5.5.4 say. */
export async function readBody(request: ApiRequest, contexts: Contexts): Promise<ReadBody> {
  const { json, isLd } = await readJson(request);
  // Valid JSON, but nothing that an operation on one thing could be asked with (5.5.2, InvalidRequest).
  if (isArray(json)) throw new HubError("malformed", "the body is an array, where one JSON object is wanted");
  if (isLd) {
    if (!isObject(json) || json["@context"] === undefined) {
      throw new HubError("invalid", "a body of application/ld+json needs an @context");
    }
    contexts.alsoServedAt(`${request.baseUrl}/jsonldContexts/`);
    return { json, context: await contexts.resolve(json["@context"]) };
  }
  if (isObject(json) && json["@context"] !== undefined)
    throw mixed("a body of application/json must not hold an @context");
  return { json, context: await contextOfHeader(request, contexts) };
}

/** The items of a batch, each with its own context in JSON-LD (5.5.11). */
export async function readItems(
  request: ApiRequest,
  contexts: Contexts,
): Promise<{ readonly items: readonly Json[]; contextOf(item: Json): Promise<Context> }> {
  const { json, isLd } = await readJson(request);
  if (!isArray(json) || json.length === 0)
    throw new HubError("invalid", "a batch must be an array with at least one item");
  if (!isLd) {
    const context = await contextOfHeader(request, contexts);
    return {
      items: json,
      async contextOf(item) {
        if (isObject(item) && item["@context"] !== undefined)
          throw mixed("an item of application/json must not hold an @context");
        return context;
      },
    };
  }
  contexts.alsoServedAt(`${request.baseUrl}/jsonldContexts/`);
  return {
    items: json,
    async contextOf(item) {
      const written = isObject(item) ? item["@context"] : undefined;
      if (written === undefined) throw new HubError("invalid", "an item of application/ld+json needs an @context");
      return contexts.resolve(written);
    },
  };
}

async function readJson(request: ApiRequest): Promise<{ readonly json: Json; readonly isLd: boolean }> {
  const isLd = bodyType(request) === LD_TYPE;
  if (isLd && linkedContext(request.headers.link) !== undefined) {
    throw mixed("a body of application/ld+json must not come with a Link to an @context");
  }
  const bytes = await request.body();
  if (bytes.length === 0) throw new HubError("malformed", "the body is empty");
  return { json: parseBody(bytes), isLd };
}

const mixed = (message: string): HubError => new HubError("invalid", `${message} (CIM 009 6.3.5)`);
