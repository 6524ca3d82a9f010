import { HubError, type Problem } from "../../core/errors.ts";
import { decodedText } from "../decoded-text.ts";
import { isObject } from "../validation/check.ts";
import { shown } from "../validation/report.ts";
import { environmentLists, type IdentifiableClass } from "../xml/xml-shapes.ts";
import { parseJson } from "./exact-json.ts";
import { JsonItems, type JsonItemText } from "./json-items.ts";

export interface JsonLimits {
  /** Bytes of the whole file. */
  readonly bytes: number;
  /** Characters of one shell, submodel or concept description. */
  readonly document: number;
}

export const defaultJsonLimits: JsonLimits = { bytes: 2 ** 30, document: 64 * 1024 * 1024 };

/** A document of a JSON Environment, not yet validated. */
export interface JsonIdentifiable {
  readonly type: IdentifiableClass;
  readonly value: unknown;
  /** `/submodels/3` */
  readonly pointer: string;
}

const lists: Readonly<Record<string, IdentifiableClass>> = environmentLists;
const known = Object.keys(environmentLists).join(", ");

/**
 * The shells, submodels and concept descriptions of an Environment in JSON (IDTA-01001 v3.1), one after the other.
 * @param stray told at the end what stands beside them and does not belong there; without it that is an error too
 * @throws HubError `malformed` for what is no JSON, `invalid` for what is no Environment, `too-large` past a limit
 */
export async function* readJsonEnvironment(
  source: AsyncIterable<Uint8Array>,
  limits: JsonLimits = defaultJsonLimits,
  stray: (problems: readonly Problem[]) => void = refuseStray,
): AsyncGenerator<JsonIdentifiable> {
  const items = new JsonItems(limits.document);
  const misplaced: Problem[] = [];
  for await (const text of decodedText(source, limits.bytes)) {
    for (const item of items.feed(text)) {
      const type = Object.hasOwn(lists, item.list) ? lists[item.list] : undefined;
      if (type !== undefined) yield { type, pointer: `/${item.list}/${item.index}`, value: parsed(item) };
    }
  }
  misplaced.push(...judgeSkeleton(items.skeleton));
  if (misplaced.length > 0) stray(misplaced);
}

function parsed({ list, index, text }: JsonItemText): unknown {
  const place = `/${list}/${index}`;
  try {
    return parseJson(text);
  } catch (thrown) {
    const error = HubError.from(thrown);
    const problems = error.problems.map((problem) => ({ ...problem, place }));
    throw new HubError(error.code, `${place}: ${error.message}`, { cause: error, problems });
  }
}

/** What is wrong around the documents, each of which is `{}` here. */
function judgeSkeleton(skeleton: string): readonly Problem[] {
  const environment = parseJson(skeleton);
  if (!isObject(environment)) {
    const problems = [
      { place: "", message: `${shown(environment)} is no Environment`, expected: `an object with ${known}` },
    ];
    throw new HubError("invalid", "the JSON is no Environment", { problems });
  }
  return Object.entries(environment).flatMap(([list, content]): Problem[] => {
    const place = `/${list}`;
    if (!Object.hasOwn(lists, list)) {
      return [{ place, message: `Environment has no member "${list.slice(0, 80)}"`, expected: `one of ${known}` }];
    }
    if (!Array.isArray(content)) return [{ place, message: `${shown(content)} is no array`, expected: "an array" }];
    if (content.length === 0) return [{ place, message: "the array is empty", expected: "items, or no such member" }];
    return content.flatMap((item, index) =>
      isObject(item)
        ? []
        : [{ place: `${place}/${index}`, message: `${shown(item)} is no document`, expected: "an object" }],
    );
  });
}

function refuseStray(problems: readonly Problem[]): never {
  throw new HubError("invalid", "the JSON holds what an Environment does not", { problems });
}
