import fc from "fast-check";
import type { Operation } from "../../../../src/northbound/operation-types.ts";
import { ids, mostly, names, oneOf } from "./arbitrary.ts";
import { bodyOf } from "./bodies.ts";
import { parametersOf } from "./parameters.ts";

/** One request to the API, of its own form or broken on purpose. */
export interface FuzzRequest {
  readonly operation: string;
  readonly method: string;
  /** Below `/ngsi-ld/v1`, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A server that is not there. */
const link = '<http://127.0.0.1:9/c>; rel="http://www.w3.org/ns/json-ld#context"';
const oddHeaders = fc.record(
  {
    accept: oneOf("application/json", "application/ld+json", "application/geo+json", "x/y", "*/*;q=2"),
    "ngsild-tenant": oneOf("default", "other", "a b", ".."),
    prefer: oneOf("ngsi-ld=1.5", "body=json", "x"),
    link: oneOf(link, "<x", ""),
  },
  { requiredKeys: [] },
);
const headers = fc
  .tuple(
    mostly(oneOf("application/json"), oneOf("application/ld+json", "text/plain", "x"), 20),
    mostly<object>(fc.constant({}), oddHeaders, 4),
  )
  .map(([type, more]) => ({ "content-type": type, ...more }));

/** Requests of one operation. */
export function requestsOf({ name, method, path }: Operation): fc.Arbitrary<FuzzRequest> {
  const segments = path.split("/").map((segment) => {
    if (!segment.startsWith("{")) return fc.constant(segment);
    const usual = /attr/i.test(segment) ? oneOf("a", "b", "c") : oneOf("urn:x:1", "urn:x:2", "urn:x:s1", "T");
    return mostly(usual, oneOf(...ids, ...names), 20).map(encodeURIComponent);
  });
  const bodies = method === "GET" || method === "DELETE" ? fc.constant(undefined) : bodyOf(path);
  return fc
    .tuple(fc.tuple(...segments), parametersOf(`${method} ${path}`), headers, bodies)
    .map(([filled, parameters, own, body]) => ({
      ...{ operation: name, method, headers: own, body },
      path: `${filled.join("/")}${parameters.size === 0 ? "" : `?${parameters}`}`,
    }));
}
