import type { RowKey } from "../../store/series-contract.ts";

const PREFIX = "urn:ngsi-ld:Instance:";
const FORM = /^(\d+)-(\d+)-(-?\d+(?:\.\d+)?)$/;

/** The instanceId of a row of history (CIM 009 4.5.7): made of what never changes of it. */
export const instanceIdOf = ({ series, instance, createdAt }: RowKey): string =>
  `${PREFIX}${series}-${instance}-${createdAt}`;

/** The row that an instanceId names; undefined for one that this hub never gave. */
export function rowKeyOf(instanceId: string): RowKey | undefined {
  const found = instanceId.startsWith(PREFIX) ? FORM.exec(instanceId.slice(PREFIX.length)) : null;
  if (found === null) return undefined;
  return { series: Number(found[1]), instance: found[2] ?? "", createdAt: Number(found[3]) };
}
