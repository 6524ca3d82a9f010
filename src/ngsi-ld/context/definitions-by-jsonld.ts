import { HubError } from "../../core/errors.ts";
import { isObject, type Json, type JsonObject } from "../json/json.ts";
import type { TermDefinitions } from "./term-table.ts";

/** What `TermDefiner` carries of a context, and of a term's definition; all else is worked out by the jsonld package. */
const PLAIN_MEMBERS: ReadonlySet<string> = new Set(["@vocab", "@version", "@base", "@language"]);
const PLAIN_DEFINITION: ReadonlySet<string> = new Set(["@id", "@type", "@container", "@language", "@prefix"]);

const refuse = (message: string): never => {
  throw new HubError("invalid", `the @context is not usable: ${message}`);
};

/** Whether the definitions are of the kind that nearly all published contexts are made of, compiled without a library. */
export function isPlainContext(context: JsonObject): boolean {
  return Object.entries(context).every(([member, value]) => {
    if (member === "@vocab") return typeof value !== "string" || /^[A-Za-z][\w+.-]*:/.test(value);
    if (member.startsWith("@")) return PLAIN_MEMBERS.has(member);
    return !isObject(value) || Object.keys(value).every((key) => PLAIN_DEFINITION.has(key));
  });
}

/** The part of the jsonld package that its types leave out: a processed context's terms. */
interface ActiveContext {
  readonly mappings: ReadonlyMap<string, Mapping | null>;
  readonly "@vocab"?: string | null;
}
interface Mapping {
  readonly "@id": string | null;
  readonly reverse: boolean;
  readonly _prefix?: boolean;
}
interface ContextProcessor {
  processContext(
    active: ActiveContext | null,
    local: Json,
    options: { readonly base: string; readonly documentLoader: (url: string) => Promise<never> },
  ): Promise<ActiveContext>;
}

/**
 * Terms of context objects by JSON-LD's own context processing: `@protected`, `@nest`, `@index`, `@propagate`, relative
 * `@vocab`. Throws HubError `invalid` for what CIM 009 5.5.7 forbids, as the compiled way does, and for what is no context.
 */
export async function definitionsByJsonld(
  objects: readonly JsonObject[],
): Promise<TermDefinitions & { readonly vocab: string | undefined }> {
  for (const object of objects) refuseForbidden(object);
  const { default: jsonld } = await import("jsonld");
  const processor = jsonld as unknown as ContextProcessor;
  const options = {
    base: "",
    // Whatever they refer to stands in them already.
    documentLoader: (url: string) => Promise.reject(new HubError("invalid", `${url} is not followed`)),
  };
  let active: ActiveContext;
  try {
    active = await processor.processContext(null, null, options);
    for (const object of objects) active = await processor.processContext(active, { ...object }, options);
  } catch (cause) {
    throw new HubError("invalid", `the @context is not usable: ${HubError.from(cause).message}`, { cause });
  }
  const terms = new Map<string, string>();
  const prefixes = new Set<string>();
  for (const [term, mapping] of active.mappings) {
    const iri = mapping?.["@id"];
    if (typeof iri !== "string") continue;
    terms.set(term, iri);
    if (mapping?._prefix === true) prefixes.add(term);
  }
  return { terms, prefixes, vocab: active["@vocab"] ?? undefined };
}

function refuseForbidden(context: JsonObject): void {
  for (const [term, definition] of Object.entries(context)) {
    if (!isObject(definition) || term.startsWith("@")) continue;
    if ("@context" in definition) refuse(`the term "${term}" has a scoped @context, which CIM 009 5.5.7 forbids`);
    if ("@reverse" in definition) refuse(`the term "${term}" is reversed, which NGSI-LD has no form for`);
  }
}
