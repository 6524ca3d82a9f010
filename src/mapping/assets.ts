import { HubError } from "../core/errors.ts";
import type { SourceView } from "./environment.ts";
import type { LoadedMapping } from "./load.ts";
import { type AssetFields, fillText } from "./placeholders.ts";
import type { Problems } from "./problem.ts";
import type { MappingFile } from "./schema.ts";

const MAX_ASSETS = 100_000;

/** One asset that a mapping is repeated for. */
export interface Asset extends AssetFields {
  /** Tells it apart from the mapping's other assets; part of its series' keys. */
  readonly key: string;
  /** Address below which its points lie. */
  readonly base: string | undefined;
}

export interface FoundAssets {
  readonly assets: readonly Asset[];
  /** Keys that more than one match has. */
  readonly ambiguous: readonly string[];
}

/** The assets of a mapping: one, those written out, or those that the source has. What is wrong goes to `problems`. */
export async function findAssets(
  { definition, name, yaml }: LoadedMapping & { readonly definition: MappingFile },
  source: SourceView | undefined,
  problems: Problems,
): Promise<FoundAssets> {
  const { forEach } = definition;
  if (forEach === undefined)
    return { assets: [{ as: undefined, fields: {}, key: name, base: undefined }], ambiguous: [] };
  const place = yaml.keyPlaceOf("/forEach");
  if ((forEach.browse === undefined) === (forEach.list === undefined)) {
    problems.error(place, {
      message: "forEach says where the assets come from, once",
      expected: "either browse or list",
    });
    return { assets: [], ambiguous: [] };
  }
  if (forEach.base !== undefined && forEach.list === undefined) {
    problems.error(yaml.keyPlaceOf("/forEach/base"), {
      message: "base belongs to list: a browsed asset has its own address",
    });
  }
  const matches =
    forEach.browse === undefined
      ? (forEach.list ?? []).map((item) => ({ fields: textsOf(item), address: undefined }))
      : await browsed(forEach.browse, source, problems, yaml.placeOf("/forEach/browse"));
  if (matches === undefined) return { assets: [], ambiguous: [] };
  const assets = matches.map(({ fields, address }, index) => {
    const known = { as: forEach.as, fields };
    const at = (member: string) =>
      Object.hasOwn(forEach, member)
        ? `/forEach/${member}`
        : forEach.list === undefined
          ? "/forEach"
          : `/forEach/list/${index}`;
    const fill = (text: string, member: string) =>
      fillText(text, known, (problem) => problems.error(yaml.placeOf(at(member)), problem));
    const key = fill(forEach.key ?? `{${forEach.as}.name}`, "key");
    return { ...known, key, base: address ?? (forEach.base === undefined ? undefined : fill(forEach.base, "base")) };
  });
  if (forEach.expect !== undefined && forEach.expect !== assets.length) {
    problems.error(yaml.placeOf("/forEach/expect"), {
      message: `${assets.length} assets match, ${forEach.expect} are expected${assets.length === 0 ? "" : `: ${someOf(assets.map(({ key }) => key))}`}`,
      expected: `the missing machines, or expect: ${assets.length}`,
    });
  } else if (assets.length === 0) {
    problems.warning(place, {
      message: `nothing matches "${forEach.browse ?? ""}"`,
      expected: "a pattern that finds assets",
    });
  }
  const ambiguous = repeated(assets.map(({ key }) => key));
  for (const key of ambiguous) {
    const where = assets.filter((asset) => asset.key === key).map(({ fields, base }) => fields.path ?? base ?? key);
    problems.error(yaml.placeOf(forEach.key === undefined ? "/forEach" : "/forEach/key"), {
      message: `${where.length} assets are called "${key}": ${someOf(where)}`,
      expected: `a key that tells them apart, e.g. key: "{${forEach.as}.${forEach.browse === undefined ? "serial" : "path"}}"`,
    });
  }
  return { assets, ambiguous };
}

async function browsed(
  pattern: string,
  source: SourceView | undefined,
  problems: Problems,
  place: ReturnType<LoadedMapping["yaml"]["placeOf"]>,
): Promise<{ fields: Record<string, string>; address: string }[] | undefined> {
  if (source === undefined) return undefined; // told where the source is named
  try {
    const nodes = await source.browse(pattern, MAX_ASSETS + 1);
    if (nodes.length > MAX_ASSETS) {
      problems.error(place, {
        message: `"${pattern}" matches more than ${MAX_ASSETS} assets`,
        expected: "a narrower pattern",
      });
      return undefined;
    }
    return nodes.map(({ address, name, path, fields }) => ({ address, fields: { ...fields, name, path } }));
  } catch (error) {
    const { code, message } = HubError.from(error);
    if (code === "aborted") throw error;
    problems.error(place, {
      message: `the source cannot be browsed: ${message}`,
      expected:
        code === "unsupported"
          ? "list: the assets written out"
          : "a source that answers; the mapping runs from then on",
    });
    return undefined;
  }
}

const textsOf = (item: Readonly<Record<string, string | number | boolean>>): Record<string, string> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, String(value)]));

function repeated(keys: readonly string[]): string[] {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const key of keys) (seen.has(key) ? again : seen).add(key);
  return [...again];
}

/** A few of many names, for a message. */
export function someOf(names: readonly string[]): string {
  return names.length <= 5 ? names.join(", ") : `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`;
}
