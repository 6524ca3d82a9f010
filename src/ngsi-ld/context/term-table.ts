/** One context's terms: term → IRI, and which of them may stand as a prefix in `prefix:name`. */
export interface TermDefinitions {
  readonly terms: ReadonlyMap<string, string>;
  readonly prefixes: ReadonlySet<string>;
}

const MEMORY = 4096;

/**
 * A compiled context: names to IRIs and back by look-up (CIM 009 5.5.7, JSON-LD 1.1 IRI expansion and compaction).
 * Type coercion plays no part: NGSI-LD attributes are objects, whatever datatype the context gives their term.
 */
export class TermTable {
  readonly #terms: ReadonlyMap<string, string>;
  readonly #mayPrefix: ReadonlySet<string>;
  readonly #vocab: string;
  readonly #byIri = new Map<string, string>();
  readonly #prefixes: readonly (readonly [iri: string, prefix: string])[];
  readonly #compacted = new Map<string, string>();

  /** `vocab` is where names live that no term defines. */
  constructor(definitions: TermDefinitions, vocab: string) {
    this.#terms = definitions.terms;
    this.#mayPrefix = definitions.prefixes;
    this.#vocab = vocab;
    const prefixes: [string, string][] = [];
    for (const [term, iri] of definitions.terms) {
      if (iri.startsWith("@")) continue;
      const known = this.#byIri.get(iri);
      if (known === undefined || isBetter(term, known)) this.#byIri.set(iri, term);
      if (definitions.prefixes.has(term)) prefixes.push([iri, term]);
    }
    this.#prefixes = prefixes;
  }

  /** How many terms it has. */
  get size(): number {
    return this.#terms.size;
  }

  expand(name: string): string {
    const iri = this.#terms.get(name);
    if (iri !== undefined) return iri;
    const colon = name.indexOf(":");
    if (colon < 0) return this.#vocab + name;
    if (name.startsWith("//", colon + 1)) return name;
    const prefix = name.slice(0, colon);
    const base = this.#mayPrefix.has(prefix) ? this.#terms.get(prefix) : undefined;
    return base === undefined ? name : base + name.slice(colon + 1);
  }

  compact(iri: string): string {
    const known = this.#compacted.get(iri);
    if (known !== undefined) return known;
    const name = this.#compactNew(iri);
    // Clients choose the names, so the memory is bounded; starting anew is rare and cheap.
    if (this.#compacted.size >= MEMORY) this.#compacted.clear();
    this.#compacted.set(iri, name);
    return name;
  }

  #compactNew(iri: string): string {
    const term = this.#byIri.get(iri);
    if (term !== undefined) return term;
    if (iri.startsWith(this.#vocab)) {
      const rest = iri.slice(this.#vocab.length);
      if (rest !== "" && this.expand(rest) === iri) return rest;
    }
    let best: string | undefined;
    for (const [base, prefix] of this.#prefixes) {
      if (!iri.startsWith(base) || iri.length === base.length) continue;
      const candidate = `${prefix}:${iri.slice(base.length)}`;
      if (this.#terms.has(candidate)) continue;
      if (best === undefined || isBetter(candidate, best)) best = candidate;
    }
    return best ?? iri;
  }
}

/** JSON-LD prefers the shortest name, among equals the first in code-point order. */
function isBetter(candidate: string, known: string): boolean {
  return candidate.length < known.length || (candidate.length === known.length && candidate < known);
}
