import type { OfficialOperation, Verb } from "./openapi.ts";

export const routeOf = ({ verb, path }: { readonly verb: Verb; readonly path: string }): string => `${verb} ${path}`;

/** Names of the parameters in a template, in its order. */
export function pathParameters({ path }: Pick<OfficialOperation, "path">): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}
