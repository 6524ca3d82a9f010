import { HubError } from "../../core/errors.ts";
import { isObject, type Json, type JsonObject } from "../json/json.ts";
import type { TermDefinitions } from "./term-table.ts";

const KEYWORD = /^@[A-Za-z]+$/;
const GENERIC_DELIMITER = /[:/?#[\]@]$/;

/** Far beyond published contexts; within them a hostile one can take neither the hub's memory nor its time. */
const MAX_TERMS = 20_000;
/** Each is tried for every name that is shown in its short form. */
const MAX_PREFIXES = 2_000;
const MAX_IRI = 2_048;
/** Terms defined through one another, one in the other. */
const MAX_CHAIN = 64;

const refuse = (message: string): never => {
  throw new HubError("invalid", `the @context is not usable: ${message}`);
};

/**
 * Terms of context objects, later ones over earlier ones (JSON-LD 1.1 API, 4.1 and 4.2). Throws HubError `invalid` for
 * scoped contexts, which NGSI-LD forbids (CIM 009 5.5.7), for cyclic and for malformed definitions.
 */
export class TermDefiner implements TermDefinitions {
  readonly terms = new Map<string, string>();
  readonly prefixes = new Set<string>();
  vocab: string | undefined;
  #definitions = 0;

  /** `core`: the one context that may hold scoped contexts. */
  add(context: JsonObject, core = false): void {
    const vocab = context["@vocab"];
    if (vocab === null) this.vocab = undefined;
    else if (typeof vocab === "string") this.vocab = this.#absolute(vocab, context, new Set());
    else if (vocab !== undefined) refuse("@vocab must be an IRI");
    if ((this.vocab?.length ?? 0) > MAX_IRI) refuse(`@vocab is longer than ${MAX_IRI} characters`);
    const under = new Set<string>();
    const done = new Set<string>();
    for (const term of Object.keys(context)) {
      if (!term.startsWith("@")) this.#define(term, context, under, done, core);
    }
  }

  /** Terms that were defined elsewhere, within the same bounds. */
  adopt({ terms, prefixes, vocab }: TermDefinitions & { readonly vocab: string | undefined }): void {
    this.vocab = vocab;
    this.#definitions += terms.size;
    if (this.#definitions > MAX_TERMS) refuse(`it defines more than ${MAX_TERMS} terms`);
    if (prefixes.size > MAX_PREFIXES) refuse(`it defines more than ${MAX_PREFIXES} prefixes`);
    for (const [term, iri] of [...terms, ["@vocab", vocab ?? ""] as const]) {
      if (iri.length > MAX_IRI) refuse(`the IRI of the term "${term}" is longer than ${MAX_IRI} characters`);
      if (term !== "@vocab") this.terms.set(term, iri);
    }
    for (const prefix of prefixes) this.prefixes.add(prefix);
  }

  #define(term: string, context: JsonObject, under: Set<string>, done: Set<string>, core: boolean): void {
    if (done.has(term)) return;
    if (under.has(term)) refuse(`the term "${term}" is defined by itself`);
    if (under.size >= MAX_CHAIN) refuse(`the term "${term}" stands at the end of over ${MAX_CHAIN} terms`);
    this.#definitions += 1;
    if (this.#definitions > MAX_TERMS) refuse(`it defines more than ${MAX_TERMS} terms`);
    under.add(term);
    const definition = context[term] as Json;
    this.terms.delete(term);
    this.prefixes.delete(term);
    const simple = typeof definition === "string";
    if (!simple && definition !== null && !isObject(definition)) refuse(`the term "${term}" needs an IRI or an object`);
    if (isObject(definition) && "@context" in definition && !core) {
      refuse(`the term "${term}" has a scoped @context, which CIM 009 5.5.7 forbids`);
    }
    if (isObject(definition) && "@reverse" in definition)
      refuse(`the term "${term}" is reversed, which NGSI-LD has no form for`);
    const target = simple ? definition : isObject(definition) ? definition["@id"] : null;
    const iri = this.#iriOf(term, target, definition === null, context, under, done, core);
    if (iri !== undefined) {
      if (iri.length > MAX_IRI) refuse(`the IRI of the term "${term}" is longer than ${MAX_IRI} characters`);
      this.terms.set(term, iri);
      const marked = isObject(definition) && definition["@prefix"] === true;
      if (marked || (simple && !/[:/]/.test(term) && GENERIC_DELIMITER.test(iri))) this.prefixes.add(term);
      if (this.prefixes.size > MAX_PREFIXES) refuse(`it defines more than ${MAX_PREFIXES} prefixes`);
    }
    done.add(term);
    under.delete(term);
  }

  #iriOf(
    term: string,
    target: Json | undefined,
    decoupled: boolean,
    context: JsonObject,
    under: Set<string>,
    done: Set<string>,
    core: boolean,
  ): string | undefined {
    if (decoupled || target === null) return undefined;
    if (target !== undefined && typeof target !== "string")
      return refuse(`the @id of the term "${term}" must be an IRI`);
    const expand = (name: string): string => this.#absolute(name, context, under, done, core);
    if (target !== undefined && target !== term) return expand(target);
    if (term.includes(":") || term.includes("/")) {
      const prefix = term.slice(0, term.indexOf(":"));
      return Object.hasOwn(context, prefix) || this.terms.has(prefix) ? expand(term) : term;
    }
    return this.vocab === undefined ? refuse(`the term "${term}" has no IRI`) : this.vocab + term;
  }

  #absolute(name: string, context: JsonObject, under: Set<string>, done = new Set<string>(), core = false): string {
    if (KEYWORD.test(name)) return name;
    if (Object.hasOwn(context, name) && name !== "" && !done.has(name)) this.#define(name, context, under, done, core);
    const known = this.terms.get(name);
    if (known !== undefined) return known;
    const colon = name.indexOf(":");
    if (colon < 0) return (this.vocab ?? "") + name;
    const prefix = name.slice(0, colon);
    const rest = name.slice(colon + 1);
    if (rest.startsWith("//") || prefix === "_") return name;
    if (Object.hasOwn(context, prefix) && !done.has(prefix)) this.#define(prefix, context, under, done, core);
    const base = this.prefixes.has(prefix) ? this.terms.get(prefix) : undefined;
    return base === undefined ? name : base + rest;
  }
}
