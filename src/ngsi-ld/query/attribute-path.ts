import type { Filter, PartTest, SignalMembers, TimeMembers, ValueTest } from "../../core/filter.ts";
import { attributeMembers, valueMembers } from "../vocabulary.ts";

/** `temperature.accuracy[upper.bound]`: attribute, sub-attributes, and members inside the value (CIM 009 4.9). */
export interface AttributePath {
  readonly names: readonly string[];
  /** `*` alone, or a language: texts of a LanguageProperty. */
  readonly trailing: readonly string[];
}

/** How names and times are told apart in what is stored. */
export interface PathNames {
  /** A name's IRI. */
  readonly expand: (name: string) => string;
  /** The sub-attribute that shows a signal's quality. */
  readonly quality: string;
}

/** What an entity says itself (4.8, 4.18, 4.22), and when it was made and changed. */
const ownMembers: ReadonlySet<string> = new Set(["createdAt", "modifiedAt", "expiresAt", "deletedAt", "scope"]);
export const timeMembers: TimeMembers = { created: "createdAt", modified: "modifiedAt" };

/** What is said of the entity, of no attribute: such a condition does not make a query narrow (5.7.2.4). */
export const isOwn = ({ names }: AttributePath): boolean => names.length === 1 && ownMembers.has(names[0] ?? "");

/** What a path leads to, as a condition on the entity or on the attribute instances of that name. */
export function saidAt(path: AttributePath, test: ValueTest, names: PathNames): Filter {
  if (isOwn(path)) return { kind: "own", values: [path.names], test, overlay: timeMembers };
  return { kind: "said", ...placeOf(path, valuePaths(path.trailing, test), names), test };
}

/** The part, the sub-attribute and the member that a path leads to. */
export function placeOf(
  { names, trailing }: AttributePath,
  values: PartTest["values"],
  { expand, quality }: PathNames,
): Omit<PartTest, "test"> {
  const [first = "", ...below] = names;
  const last = below.at(-1);
  // The standard's own members (observedAt, unitCode, …) stand in a body by their short names, and are values themselves.
  const isTime = last !== undefined && Object.values(timeMembers).includes(last);
  const isMember = last !== undefined && (isTime || attributeMembers.has(last));
  const under = (isMember ? below.slice(0, -1) : below).map((name) =>
    attributeMembers.has(name) ? name : expand(name),
  );
  const overlay: SignalMembers = { value: valueMembers, at: "observedAt", quality };
  return {
    name: expand(first),
    under,
    values: isMember ? [[last, ...trailing]] : values,
    overlay: isTime ? { ...overlay, times: timeMembers } : overlay,
  };
}

/** Where the kinds of attributes keep their values, seen from the attribute. */
export function valuePaths(trailing: readonly string[], test: Pick<ValueTest, "kind">): PartTest["values"] {
  if (trailing.length > 0) {
    const inside =
      trailing[0] === "*"
        ? []
        : [
            ["value", ...trailing],
            ["json", ...trailing],
          ];
    return [...inside, ["languageMap", ...trailing]];
  }
  if (test.kind === "there") return [[]];
  if (test.kind === "geometry") return [["value"]];
  const plain = [["value"], ["languageMap", "*"], ["vocab"], ["valueList"], ["json"]];
  // 4.9: a relationship matches with == and != alone.
  const isEquality = test.kind === "equal" || test.kind === "within";
  return isEquality ? [...plain, ["object"], ["objectList"]] : plain;
}
