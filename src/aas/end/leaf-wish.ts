import type { TSchema } from "typebox";
import type { LeafRequest } from "../../core/end-codec.ts";
import type { Problem } from "../../core/errors.ts";
import { type Place, placeText } from "../../core/place.ts";
import { isIdShortPath } from "../id-short-path.ts";
import { type LeafWish, leafSchema } from "./aas-end-schema.ts";
import { wishProblems } from "./wish-problems.ts";

/** One point's `aas:`, read: which Property of which submodel. */
export interface PlacedLeaf {
  readonly request: LeafRequest;
  /** The submodel's name in the mapping file, its idShort. */
  readonly submodel: string;
  readonly path: string;
  readonly wish: LeafWish;
}

/** `OperationalData.Temperature`, or the long form; submodels by idShort. */
export function readLeaf(request: LeafRequest, submodels: readonly string[]): PlacedLeaf | Problem {
  const read = readEnd<LeafWish>(request, leafSchema, submodels);
  return "message" in read ? read : { request, ...read };
}

/** Which element of which submodel stands behind `aas:`, in its short form or in the long one of `schema`. */
export function readEnd<Wish extends { readonly path: string }>(
  { end, place: where }: { readonly end: unknown; readonly place: Place },
  schema: TSchema,
  submodels: readonly string[],
): { readonly submodel: string; readonly path: string; readonly wish: Wish } | Problem {
  const place = placeText(where);
  const wish = typeof end === "string" ? { path: end } : end;
  const [problem] = wishProblems(schema, wish, () => where);
  if (problem !== undefined) return problem;
  const { path } = wish as Wish;
  if (!isIdShortPath(path)) {
    return {
      place,
      message: `"${path}" is no idShortPath`,
      expected: "a submodel and idShorts joined by dots: OperationalData.Motor.Speed",
    };
  }
  const dot = path.search(/[.[]/);
  const submodel = dot < 0 ? path : path.slice(0, dot);
  const known = submodels.length === 0 ? "a submodel under twin.submodels" : `one of ${submodels.join(", ")}`;
  if (!submodels.includes(submodel)) return { place, message: `there is no submodel "${submodel}"`, expected: known };
  if (dot < 0 || path[dot] === "[") {
    return { place, message: `"${path}" names no element`, expected: `${submodel}. and the path of a Property` };
  }
  return { submodel, path: path.slice(dot + 1), wish: wish as Wish };
}
