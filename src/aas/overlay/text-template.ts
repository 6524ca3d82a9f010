import type { Signal } from "../../core/signal.ts";
import type { LiveLeaf } from "../../twin/contract.ts";
import type { Property, Submodel, SubmodelElement } from "../metamodel/types.ts";
import { jsonFromLexical } from "../value-only/json-value.ts";
import { lexicalOf } from "../xsd/signal-text.ts";
import { replaceLeaves } from "./overlay.ts";
import { signalQualifiers } from "./signal-qualifiers.ts";

/** A serialised submodel with holes for its linked leaves: a read fills them and serialises nothing else. */
export interface TextTemplate {
  /** Whether it was made for exactly these leaves. */
  fits(leaves: readonly LiveLeaf[]): boolean;
  /** The JSON text with leaves that fit; `undefined`: one of them would have to be left out. */
  render(leaves: readonly LiveLeaf[]): string | undefined;
}

/** How a linked leaf stands in one representation. */
export interface LeafFormat {
  /** What stands in for the leaf while all else is serialised: it must come out as this text. */
  mark(property: Property, text: string): SubmodelElement;
  /** The leaf's text for a signal; `undefined` where the leaf would have to be left out. */
  fill(property: Property): (signal: Signal | undefined) => string | undefined;
}

interface Hole {
  readonly path: string;
  readonly fill: ReturnType<LeafFormat["fill"]>;
  /** The last signal and its text: most leaves are read more often than they change. */
  last: { readonly signal: Signal | undefined; readonly text: string } | undefined;
}

/** Control characters are in no stored text (AASd-130), so the mark cannot come from a client. */
const mark = /"\\u0001(\d+)\\u0001"/;

/** @param serialise the submodel's representation without overlay, for `JSON.stringify` */
export function createTextTemplate(
  submodel: Submodel,
  leaves: readonly LiveLeaf[],
  serialise: (submodel: Submodel) => unknown,
  format: LeafFormat,
): TextTemplate {
  const linked = new Set(leaves.map((leaf) => leaf.part));
  const marked: { readonly path: string; readonly property: Property }[] = [];
  const text = JSON.stringify(
    serialise(
      replaceLeaves(submodel, linked, (property, path) => {
        marked.push({ path, property });
        return format.mark(property, `\u0001${marked.length - 1}\u0001`);
      }),
    ),
  );
  const pieces = text.split(mark);
  const literals = pieces.filter((_, index) => index % 2 === 0);
  const holes = pieces.flatMap((piece, index): Hole[] => {
    const leaf = index % 2 === 0 ? undefined : marked[Number(piece)];
    return leaf === undefined ? [] : [{ path: leaf.path, fill: format.fill(leaf.property), last: undefined }];
  });
  return {
    fits: (now) => now.length === linked.size && now.every(({ part }) => linked.has(part)),
    render(now) {
      const signals = new Map(now.map(({ part, signal }) => [part, signal]));
      let out = literals[0] ?? "";
      for (const [index, hole] of holes.entries()) {
        const filled = fill(hole, signals.get(hole.path));
        if (filled === undefined) return undefined;
        out += filled + (literals[index + 1] ?? "");
      }
      return out;
    },
  };
}

function fill(hole: Hole, signal: Signal | undefined): string | undefined {
  if (hole.last !== undefined && hole.last.signal === signal) return hole.last.text;
  const text = hole.fill(signal);
  if (text !== undefined) hole.last = { signal, text };
  return text;
}

/** Format Normal: the stored element's text up to its value, then value and qualifiers of the signal. */
export const normalLeaf: LeafFormat = {
  mark: (_property, text) => Object.assign({ modelType: "Capability" } as const, { toJSON: () => text }),
  fill(property) {
    const { value: _stored, qualifiers = [], ...rest } = property;
    const head = JSON.stringify(rest).slice(0, -1);
    const own = qualifiers.map((qualifier) => JSON.stringify(qualifier));
    const bare = own.length === 0 ? `${head}}` : `${head},"qualifiers":[${own.join(",")}]}`;
    return (signal) => {
      if (signal === undefined) return bare;
      const value = lexicalOf(signal.value, property.valueType);
      const text = value === undefined ? "" : `,"value":${JSON.stringify(value)}`;
      const all = [...own, ...signalQualifiers(signal).map((qualifier) => JSON.stringify(qualifier))];
      return `${head}${text},"qualifiers":[${all.join(",")}]}`;
    };
  },
};

/** Format Value: a leaf without a value is left out with its name, which a hole cannot do. */
export const valueLeaf: LeafFormat = {
  mark: (property, text) => ({ ...property, valueType: "xs:string", value: text }),
  fill: (property) => (signal) => {
    const value = lexicalOf(signal?.value, property.valueType);
    return value === undefined ? undefined : JSON.stringify(jsonFromLexical(value, property.valueType));
  },
};
