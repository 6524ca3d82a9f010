import type { Place } from "../core/place.ts";
import { placeText } from "../core/place.ts";
import { leafKey, type PlannedDocument } from "../core/plan.ts";
import type { CompiledFile } from "./compile-file.ts";
import { mergeDocuments } from "./merge-documents.ts";
import { Problems } from "./problem.ts";

/**
 * Who has which leaf, document and name in one tenant. Files come in the order of their names; one that wants what an
 * earlier file has is told both places, and does not run.
 */
export class Claims {
  readonly #names = new Map<string, string>();
  readonly #leaves = new Map<string, Place>();
  readonly #documents = new Map<string, PlannedDocument>();

  /** Takes all that a file wants, or nothing and says why. */
  take(file: CompiledFile): Problems {
    const problems = new Problems();
    const { mapping, links, documents, operations } = file;
    const namesake = this.#names.get(mapping.name);
    if (namesake !== undefined) {
      problems.error(mapping.yaml.placeOf("/name"), {
        message: `the mapping "${mapping.name}" is there already: ${namesake}`,
        expected: "another name",
      });
    }
    const leaves = new Map<string, Place>();
    const told = new Set<string>();
    const claims = [...links, ...operations.map(({ place, address }) => ({ place, ends: [address] }))];
    for (const { place, ends } of claims) {
      for (const end of ends) {
        const key = leafKey(end);
        const other = this.#leaves.get(key) ?? leaves.get(key);
        leaves.set(key, place);
        const pair = `${placeText(place)} ${other === undefined ? "" : placeText(other)}`;
        if (other === undefined || told.has(pair)) continue;
        told.add(pair);
        const same = placeText(other) === placeText(place);
        problems.error(place, {
          message: `${end.part} of ${end.document} is claimed twice: ${same ? `by several assets of ${placeText(place)}` : `${placeText(other)} and ${placeText(place)}`}`,
          expected: same
            ? "a placeholder in the id, so that each asset has its own"
            : "one link for each element and attribute",
        });
      }
    }
    const merged = new Map<string, PlannedDocument>();
    for (const document of documents) {
      const key = `${document.collection}\n${document.document.id}`;
      const other = this.#documents.get(key);
      if (other !== undefined && !document.adopt) {
        const pair = `${placeText(document.place)} ${placeText(other.place)}`;
        if (told.has(pair)) continue;
        told.add(pair);
        problems.error(document.place, {
          message: `${document.document.id} is made twice: ${placeText(other.place)} and ${placeText(document.place)}`,
          expected: "adopt: true, to add to what the other mapping makes",
        });
        continue;
      }
      const before = merged.get(key) ?? other;
      merged.set(key, before === undefined ? document : mergeDocuments(before, document));
    }
    if (problems.hasErrors) return problems;
    this.#names.set(mapping.name, mapping.file);
    for (const [key, place] of leaves) this.#leaves.set(key, place);
    for (const [key, document] of merged) this.#documents.set(key, document);
    return problems;
  }

  get documents(): readonly PlannedDocument[] {
    return [...this.#documents.values()];
  }
}
