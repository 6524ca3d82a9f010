import type { Filter, SignalMembers, ValueTest } from "../../core/filter.ts";
import { attributeMembers, valueMembers } from "../vocabulary.ts";

/** `temperature.accuracy[upper.bound]`: attribute, sub-attributes, and members inside the value (CIM 009 4.9). */
export interface AttributePath {
  readonly names: readonly string[];
  /** `*` alone, or a language: texts of a LanguageProperty. */
  readonly trailing: readonly string[];
}

/** What a path leads to, as a condition on the parts of that name. */
export function saidAt(
  { names, trailing }: AttributePath,
  test: ValueTest,
  expand: (name: string) => string,
  quality: string,
): Filter {
  const [first = "", ...below] = names;
  const last = below.at(-1);
  // The standard's own members (observedAt, unitCode, …) stand in a body by their short names, and are values themselves.
  const isMember = last !== undefined && attributeMembers.has(last);
  const under = (isMember ? below.slice(0, -1) : below).map((name) =>
    attributeMembers.has(name) ? name : expand(name),
  );
  return {
    kind: "said",
    name: expand(first),
    under,
    values: isMember ? [[last, ...trailing]] : valuesOf(test, trailing),
    test,
    overlay: overlayOf(quality),
  };
}

/** Where the kinds of attributes keep their values, seen from the attribute. */
function valuesOf(test: ValueTest, trailing: readonly string[]): readonly (readonly string[])[] {
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
  const plain = [["value"], ["languageMap", "*"], ["vocab"], ["valueList"], ["json"]];
  // 4.9: a relationship matches with == and != alone.
  const isEquality = test.kind === "equal" || test.kind === "within";
  return isEquality ? [...plain, ["object"], ["objectList"]] : plain;
}

const overlayOf = (quality: string): SignalMembers => ({ value: valueMembers, at: "observedAt", quality });
