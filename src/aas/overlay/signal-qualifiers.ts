import type { Signal } from "../../core/signal.ts";
import { isoTime } from "../../core/time.ts";
import { childrenOf, withChildren, withElements } from "../metamodel/children.ts";
import { externalReference } from "../metamodel/reference.ts";
import type { Qualifier, Submodel, SubmodelElement } from "../metamodel/types.ts";
import { segmentWithoutComputed } from "../time-series/computed-names.ts";

/** Qualifier types that are the hub's: laid over linked Properties, stripped from what clients send (rule 7). */
const reserved = {
  quality: "Twinweave/Quality",
  code: "Twinweave/StatusCode",
  time: "Twinweave/Time",
} as const;

const reservedTypes: readonly string[] = Object.values(reserved);

/** What a linked Property says of its signal: quality, the protocol's own code where there is one, the source's time. */
export function signalQualifiers(signal: Signal): readonly Qualifier[] {
  return [
    valueQualifier(reserved.quality, "xs:string", signal.quality, "urn:twinweave:signal:quality"),
    ...(signal.code === undefined
      ? []
      : [valueQualifier(reserved.code, "xs:string", signal.code, "urn:twinweave:signal:status-code")]),
    valueQualifier(reserved.time, "xs:dateTime", isoTime(signal.at), "urn:twinweave:signal:time"),
  ];
}

function isReserved(qualifier: Qualifier): boolean {
  return reservedTypes.includes(qualifier.type);
}

/** The element, and all below it, without what is the hub's own: its qualifiers, the records of time series (rule 7). */
export function withoutReserved<T extends SubmodelElement>(element: T): T {
  const bare = segmentWithoutComputed(stripped(element));
  const children = childrenOf(bare);
  return children.length === 0 ? bare : withChildren(bare, children.map(withoutReserved));
}

export function submodelWithoutReserved(submodel: Submodel): Submodel {
  return withElements(stripped(submodel), (submodel.submodelElements ?? []).map(withoutReserved));
}

function stripped<T extends { readonly qualifiers?: readonly Qualifier[] }>(owner: T): T {
  if (owner.qualifiers === undefined || !owner.qualifiers.some(isReserved)) return owner;
  const { qualifiers, ...rest } = owner;
  const kept = qualifiers.filter((qualifier) => !isReserved(qualifier));
  return (kept.length === 0 ? rest : { ...rest, qualifiers: kept }) as T;
}

function valueQualifier(type: string, valueType: "xs:string" | "xs:dateTime", value: string, iri: string): Qualifier {
  return { kind: "ValueQualifier", type, valueType, value, semanticId: externalReference(iri) };
}
