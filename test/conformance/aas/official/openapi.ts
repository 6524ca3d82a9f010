import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { corrected } from "./corrections.ts";

const specs = new URL("../../../../../shared/specs/aas/", import.meta.url);

export const officialFiles = [
  "Entire-API-Collection.yaml",
  "Part1-MetaModel-Schemas.yaml",
  "Part2-API-Schemas.yaml",
] as const;
const [collection] = officialFiles;
const verbs = ["get", "put", "post", "patch", "delete"] as const;

export type Verb = "GET" | "PUT" | "POST" | "PATCH" | "DELETE";

/** One of the 224 operations of IDTA's Entire-API-Collection (IDTA-01002 v3.1.2). */
export interface OfficialOperation {
  readonly id: string;
  readonly verb: Verb;
  readonly path: string;
  /** Its tag, e.g. `Submodel Repository API`. */
  readonly face: string;
  readonly parameters: readonly OfficialParameter[];
  /** Media types of the body, none without one. */
  readonly takes: readonly string[];
  /** By status code, or `default`. */
  readonly answers: ReadonlyMap<string, OfficialAnswer>;
}

export interface OfficialParameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: { readonly type?: string; readonly enum?: readonly unknown[]; readonly $ref?: string };
}

export interface OfficialAnswer {
  readonly headers: readonly string[];
  /** Media type to the schema's place, `<file>#<JSON pointer>`. */
  readonly content: ReadonlyMap<string, string>;
}

interface Node {
  readonly [key: string]: Node | undefined;
}

const referenceIn = (node: Node): string | undefined => node.$ref as unknown as string | undefined;

/** IDTA's files, parsed and corrected; `undefined` where `../shared` is missing. */
export function readOfficial(): ReadonlyMap<string, object> | undefined {
  if (!existsSync(new URL(collection, specs))) return undefined;
  return new Map(
    officialFiles.map((file) => [file, corrected(parse(readFileSync(new URL(file, specs), "utf8"))) as object]),
  );
}

/** All operations of the collection, in its order. */
export function officialOperations(files: ReadonlyMap<string, object>): readonly OfficialOperation[] {
  const at = (place: string): Node => {
    const [file = "", pointer = ""] = place.split("#");
    const steps = pointer.split("/").slice(1);
    return steps.reduce(
      (node, step) => node[step.replaceAll("~1", "/").replaceAll("~0", "~")] as Node,
      files.get(file) as Node,
    );
  };
  /** Follows references, keeping the place that is meant in the end. */
  const meant = (place: string): { readonly place: string; readonly node: Node } => {
    const node = at(place);
    const reference = referenceIn(node);
    if (reference === undefined) return { place, node };
    const [file = ""] = place.split("#");
    return meant(reference.startsWith("#") ? `${file}${reference}` : reference.replace(/^\.\//, ""));
  };
  const below = (place: string, key: string): string => `${place}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;

  function answerAt(start: string): OfficialAnswer {
    const { place, node } = meant(start);
    const content = Object.keys(node.content ?? {});
    return {
      headers: Object.keys(node.headers ?? {}),
      content: new Map(content.map((type) => [type, `${below(below(place, "content"), type)}/schema`])),
    };
  }

  function parametersAt(place: string, node: Node): readonly OfficialParameter[] {
    const listed = Object.keys(node.parameters ?? {});
    return listed.map((index) => meant(`${place}/parameters/${index}`).node as unknown as OfficialParameter);
  }

  const root = `${collection}#/paths`;
  return Object.entries(at(root)).flatMap(([path, item]) =>
    verbs.flatMap((verb) => {
      const operation = item?.[verb];
      if (operation === undefined) return [];
      const place = below(below(root, path), verb);
      const statuses = Object.keys(operation.responses ?? {});
      return {
        id: String(operation.operationId),
        verb: verb.toUpperCase() as Verb,
        path,
        face: String((operation.tags as unknown as readonly string[])[0]),
        parameters: [...parametersAt(below(root, path), item ?? {}), ...parametersAt(place, operation)],
        takes: Object.keys(operation.requestBody?.content ?? {}),
        answers: new Map(statuses.map((status) => [status, answerAt(below(below(place, "responses"), status))])),
      };
    }),
  );
}
