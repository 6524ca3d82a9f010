import type { DocumentRow } from "../../core/document.ts";
import { HubError, type Problem } from "../../core/errors.ts";
import type { Mutation } from "../../core/mutation.ts";
import { placeText } from "../../core/place.ts";
import type { Scope } from "../../core/scope.ts";
import type { LeafWrite, LeafWriteResult, LiveLeaf } from "../../twin/contract.ts";
import { lastStep, parentPath } from "../id-short-path.ts";
import { withChildren } from "../metamodel/children.ts";
import type { SubmodelElement } from "../metamodel/types.ts";
import { joinElement, splitElement } from "../parts.ts";
import { isObject } from "../validation/check.ts";
import { Report } from "../validation/report.ts";
import { validateElement } from "../validation/validate.ts";
import { namedEdits, type ValueEdit, valueEdits } from "../value-only/apply-value.ts";
import { isListItem } from "../value-only/content.ts";
import { signalValueOf } from "../xsd/signal-text.ts";
import { checkExpected, commitDecided, type Expected, type ServiceParts, unchanged } from "./commit.ts";
import type { SubmodelReader } from "./submodel-reader.ts";

export interface ValueService {
  /**
   * PATCH `$value` of a submodel (`path` undefined) or of an element; the body comes from `parseExactJson`. Linked
   * leaves go to their device first, in the order of the body; what is not linked is committed once all of them are
   * written (rule 4). @throws HubError `invalid`, `read-only`, `device-refused`, `device-timeout`, with a problem a leaf
   */
  patch(scope: Scope, submodel: string, path: string | undefined, body: unknown, expected: Expected): Promise<void>;
}

interface LinkedEdit {
  readonly edit: ValueEdit;
  readonly leaf: LiveLeaf;
  readonly write: LeafWrite;
}

interface Planned {
  readonly version: number;
  readonly edits: readonly ValueEdit[];
}

/** Up to so many elements are read one by one rather than with the whole submodel. */
const fewNames = 20;

export function createValueService(parts: ServiceParts, reader: SubmodelReader): ValueService {
  const { twin } = parts;

  function linkedEdits(submodel: string, edits: readonly ValueEdit[]): readonly LinkedEdit[] {
    return edits.flatMap((edit) => {
      const leaf = twin.leaf("submodel", submodel, edit.path);
      const { element } = edit;
      if (leaf === undefined || element.modelType !== "Property") return [];
      const value = signalValueOf(element.value ?? "", element.valueType, leaf.link.type, edit.pointer);
      return [{ edit, leaf, write: { link: leaf.link, value } }];
    });
  }

  const isLinked = (submodel: string, { path, element }: ValueEdit): boolean =>
    element.modelType === "Property" && twin.leaf("submodel", submodel, path) !== undefined;

  return {
    async patch(scope, submodel, path, body, expected) {
      let plan: Planned | undefined = await planned(submodel, path, body, expected);
      const linked = linkedEdits(submodel, plan.edits);
      if (linked.length > 0) {
        const writes = linked.map(({ write }) => write);
        const results = await twin.write(scope, "aas", writes);
        throwRefusal(linked, results, plan.edits.length - linked.length);
        if (plan.edits.length === linked.length) return;
      }
      await commitDecided(parts, scope, async () => {
        const { version, edits } = plan ?? (await planned(submodel, path, body, expected));
        plan = undefined;
        const mutations = edits.filter((edit) => !isLinked(submodel, edit)).flatMap((edit) => put(submodel, edit));
        return { unit: { preconditions: [unchanged("submodel", submodel, version)], mutations }, result: undefined };
      });
    },
  };

  /** Every edit that the body means, all of them right. */
  async function planned(
    submodel: string,
    path: string | undefined,
    body: unknown,
    expected: Expected,
  ): Promise<Planned> {
    const report = new Report();
    const { row, edits } = await editsOf(submodel, path, body, report);
    checkExpected(expected, row.version, "the submodel");
    report.throwIfAny("the value");
    for (const { element, path: place } of edits) validateElement(element, !isListItem(place));
    return { version: row.version, edits };
  }

  /** The elements of these names alone; all of them where many are named, or one that is not there (to name those that are). */
  async function named(
    submodel: string,
    names: readonly string[],
  ): Promise<{ readonly row: DocumentRow; readonly elements: readonly SubmodelElement[] }> {
    if (names.length <= fewNames) {
      const { row } = await reader.head(submodel);
      const read = names.map((name) => parts.documents.parts("submodel", submodel, name));
      const elements = (await Promise.all(read)).flatMap((found) => joinElement(found) ?? []);
      if (names.every((name, index) => elements[index]?.idShort === name)) return { row, elements };
    }
    const { row, stored } = await reader.view(submodel);
    return { row, elements: stored.submodelElements ?? [] };
  }

  async function editsOf(
    submodel: string,
    path: string | undefined,
    body: unknown,
    report: Report,
  ): Promise<{ readonly row: DocumentRow; readonly edits: readonly ValueEdit[] }> {
    if (path === undefined) {
      const { row, elements } = await named(submodel, isObject(body) ? Object.keys(body) : []);
      return { row, edits: namedEdits(elements, undefined, body, "", report) };
    }
    const { row, stored } = await reader.storedElement(submodel, path);
    return { row, edits: valueEdits(stored, path, body, "", report) };
  }
}

/** The element's own part with its new value; what lies below it stays. */
function put(submodel: string, { path, element }: ValueEdit): readonly Mutation[] {
  const [part] = splitElement(withChildren(element, []), parentPath(path), lastStep(path));
  return part === undefined ? [] : [{ kind: "part.put", collection: "submodel", id: submodel, part, how: "value" }];
}

/** One refusal fails the request; each leaf says what became of it, so that nobody guesses what a device has taken. */
function throwRefusal(linked: readonly LinkedEdit[], results: readonly LeafWriteResult[], others: number): void {
  const refused = results.find((result) => result.outcome === "refused");
  if (refused === undefined) return;
  const problems = linked.map(({ edit, leaf }, index): Problem => {
    const result = results[index];
    const line = placeText(leaf.link.place);
    const outcome =
      result === undefined || result.outcome === "not-tried"
        ? "was not tried"
        : result.outcome === "written"
          ? "was written"
          : `was refused: ${result.error.message}`;
    return { place: edit.path, message: `${edit.path} ${outcome} (linked at ${line})`, rule: line };
  });
  const untouched = { place: "", message: `${others} values that are not linked were not tried` };
  const index = results.indexOf(refused);
  const leaf = linked[index]?.leaf;
  const at = leaf === undefined ? "" : ` (linked at ${placeText(leaf.link.place)})`;
  throw new HubError(refused.error.code, `${linked[index]?.edit.path ?? "a leaf"}: ${refused.error.message}${at}`, {
    problems: others === 0 ? problems : [...problems, untouched],
    cause: refused.error,
    ...(refused.error.retryAfter === undefined ? {} : { retryAfter: refused.error.retryAfter }),
  });
}
