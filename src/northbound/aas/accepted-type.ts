/**
 * The media type among `offers` that a client likes best (RFC 9110, 12.5.1): by its weights, then by how closely it
 * named it, then in the order of the offers. `undefined`: it takes none of them.
 */
export function acceptedType<T extends string>(accept: string | undefined, offers: readonly T[]): T | undefined {
  if (accept === undefined || accept.trim() === "") return offers[0];
  const ranges = new Map(accept.split(",").map(rangeOf));
  let best: { readonly offer: T; readonly weight: number; readonly closeness: number } | undefined;
  for (const offer of offers) {
    const [type = ""] = offer.split("/");
    const closeness = [offer, `${type}/*`, "*/*"].findIndex((range) => ranges.has(range));
    const weight = ranges.get([offer, `${type}/*`, "*/*"][closeness] ?? "") ?? 0;
    if (weight <= 0) continue;
    const better = best === undefined || weight > best.weight || (weight === best.weight && closeness < best.closeness);
    if (better) best = { offer, weight, closeness };
  }
  return best?.offer;
}

function rangeOf(text: string): readonly [string, number] {
  const [name = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = Number(parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? 1);
  return [name, Number.isFinite(weight) ? weight : 0];
}
