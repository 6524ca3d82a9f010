import type { Link } from "../core/link.ts";
import { leafKey, type Plan } from "../core/plan.ts";

/**
 * The new plan with what broken files ran before, as far as the new plan has not claimed it.
 * @param broken mapping files, as places name them
 */
export function keepRunning(
  plan: Plan,
  before: Plan,
  broken: ReadonlySet<string>,
): { readonly whole: Plan; readonly kept: readonly Link[] } {
  if (broken.size === 0) return { whole: plan, kept: [] };
  const claimed = new Set(plan.links.flatMap((link) => link.ends.map(leafKey)));
  const kept = before.links.filter(
    (link) => broken.has(link.place.file) && !link.ends.some((end) => claimed.has(leafKey(end))),
  );
  const bound = new Set((plan.operations ?? []).map(({ address }) => leafKey(address)));
  const operations = (before.operations ?? []).filter(
    ({ place, address }) => broken.has(place.file) && !bound.has(leafKey(address)) && !claimed.has(leafKey(address)),
  );
  const ends = [...kept.flatMap((link) => link.ends), ...operations.map(({ address }) => address)];
  const shown = new Set(ends.map((end) => `${end.collection}\n${end.document}`));
  // Files may share a document: what the broken one has in it stays, whoever made the document.
  const documents = before.documents
    .filter(({ collection, document }) => shown.has(`${collection}\n${document.id}`))
    .map((document) => ({ ...document, adopt: true }));
  const whole: Plan = {
    ...plan,
    links: [...plan.links, ...kept],
    documents: [...plan.documents, ...documents],
    operations: [...(plan.operations ?? []), ...operations],
  };
  return { whole, kept };
}
