import type { LeafRequest } from "../../core/end-codec.ts";
import type { Problem } from "../../core/errors.ts";
import { placeText } from "../../core/place.ts";
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
  const place = placeText(request.place);
  const wish = typeof request.end === "string" ? { path: request.end } : request.end;
  const [problem] = wishProblems(leafSchema, wish, () => request.place);
  if (problem !== undefined) return problem;
  const { path } = wish as LeafWish;
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
  return { request, submodel, path: path.slice(dot + 1), wish: wish as LeafWish };
}
