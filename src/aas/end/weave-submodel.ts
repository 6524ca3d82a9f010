import type { WovenLeaf, WovenOperation } from "../../core/end-codec.ts";
import { HubError, type Problem } from "../../core/errors.ts";
import { type Place, placeText } from "../../core/place.ts";
import type { PlannedDocument } from "../../core/plan.ts";
import { isAtOrBelow, isIdShortPath } from "../id-short-path.ts";
import { withElements } from "../metamodel/children.ts";
import { externalReference, modelReference } from "../metamodel/reference.ts";
import type { Submodel, SubmodelElement } from "../metamodel/types.ts";
import { splitSubmodel } from "../parts.ts";
import { checkInstance } from "../templates/check-instance.ts";
import { fillError, filledAt, withFixedValue } from "../templates/fill.ts";
import { fixedValues } from "../templates/fixed-values.ts";
import { instantiated } from "../templates/instantiate.ts";
import type { Template, TemplateFiles } from "../templates/template-file.ts";
import { timeSeriesId } from "../time-series/vocabulary.ts";
import { validateSubmodel } from "../validation/validate.ts";
import type { SubmodelsWish } from "./aas-end-schema.ts";
import { leafProperty, type UnitSymbol } from "./leaf-property.ts";
import type { PlacedLeaf } from "./leaf-wish.ts";
import { operationElement, type PlacedOperation } from "./operation-element.ts";
import { plannedConcepts } from "./template-concepts.ts";

export interface SubmodelWish {
  readonly idShort: string;
  readonly wish: SubmodelsWish[string];
  readonly leaves: readonly PlacedLeaf[];
  readonly operations: readonly PlacedOperation[];
  readonly folder: string;
  readonly owner: string;
  readonly adopt: boolean;
  /** Places of the submodel's members in the mapping file, by JSON pointer below it. */
  readonly placeOf: (pointer: string) => Place;
  readonly unitSymbol: UnitSymbol;
  readonly templates: TemplateFiles;
  /** Elements that are made already and take the place of the template's: those of a time series. */
  readonly elements?: readonly SubmodelElement[];
}

export interface WovenSubmodel {
  /** The submodel and the concept descriptions that came with its template; none where there are problems. */
  readonly documents: readonly PlannedDocument[];
  readonly leaves: readonly WovenLeaf[];
  readonly operations: readonly WovenOperation[];
  readonly problems: readonly Problem[];
  /** What its template asks for and nothing gives. */
  readonly warnings: readonly Problem[];
}

/** One submodel of an asset: from its template, its fixed values, its linked leaves. Reports every problem at its line. */
export async function weaveSubmodel(submodel: SubmodelWish): Promise<WovenSubmodel> {
  const { idShort, wish, placeOf, owner, adopt } = submodel;
  const problems: Problem[] = [];
  const values = [...fixedValues(wish.values ?? {}, "", "/values")];
  const wanted = (path: string): boolean =>
    [...values, ...submodel.leaves, ...submodel.operations].some((one) => isAtOrBelow(one.path, path));
  const original = await templateOf(submodel, problems);
  const template = instantiated(original.submodel, wanted);
  const head: Submodel = {
    ...template,
    modelType: "Submodel",
    idShort,
    id: wish.id,
    ...meaningOf(wish, template),
  };
  const own = submodel.elements ?? [];
  let elements: readonly SubmodelElement[] = [
    ...(template.submodelElements ?? []).filter((one) => !own.some(({ idShort }) => idShort === one.idShort)),
    ...own,
  ];
  for (const { path, value, pointer } of values) {
    attempt(placeOf(pointer), problems, () => {
      if (!isIdShortPath(path)) throw fillError(`"${path}" is no idShort path`, "idShorts joined by dots");
      elements = filledAt(elements, path, (before, step) => withFixedValue(before, step, value));
    });
  }
  const leaves: WovenLeaf[] = [];
  for (const leaf of submodel.leaves) {
    attempt(leaf.request.place, problems, () => {
      elements = filledAt(elements, leaf.path, (before, step) => {
        const { property, type } = leafProperty(before, step, leaf, submodel.unitSymbol);
        const address = { collection: "submodel", document: wish.id, part: leaf.path } as const;
        leaves.push({ point: leaf.request.point, address, type });
        return property;
      });
    });
  }
  const operations: WovenOperation[] = [];
  for (const one of submodel.operations) {
    attempt(one.request.place, problems, () => {
      elements = filledAt(elements, one.path, (before, step) => {
        const { operation, types } = operationElement(before, step, one);
        const address = { collection: "submodel", document: wish.id, part: one.path } as const;
        operations.push({ operation: one.request.operation, address, types });
        return operation;
      });
    });
  }
  if (problems.length > 0) return { documents: [], leaves, operations, problems, warnings: [] };
  const whole = withElements(head, elements);
  const broken = modelProblems(whole, placeText(placeOf("")));
  if (broken.length > 0) return { documents: [], leaves, operations, problems: broken, warnings: [] };
  const { document, parts } = splitSubmodel(whole, owner);
  const place = placeOf("");
  const planned: PlannedDocument = { collection: "submodel", document, parts, place, adopt };
  const documents = [planned, ...plannedConcepts(original.concepts, whole, owner, place)];
  return { documents, leaves, operations, problems: [], warnings: lacking(submodel, whole, original.submodel) };
}

async function templateOf(
  { wish, folder, idShort, placeOf, templates }: SubmodelWish,
  problems: Problem[],
): Promise<Template> {
  const none: Template = { submodel: { modelType: "Submodel", id: wish.id, kind: "Instance" }, concepts: [] };
  if (wish.template === undefined) return none;
  try {
    return await templates.read(folder, wish.template, idShort);
  } catch (thrown) {
    const error = HubError.from(thrown, "config");
    const place = placeText(placeOf("/template"));
    problems.push({ place, message: error.message });
    for (const problem of error.problems.slice(0, 20)) {
      problems.push({ ...problem, place, message: `${wish.template}#${problem.place}: ${problem.message}` });
    }
    return none;
  }
}

function meaningOf({ semanticId, timeSeries }: SubmodelsWish[string], { semanticId: known }: Submodel) {
  if (semanticId !== undefined) return { semanticId: externalReference(semanticId) };
  return timeSeries === undefined || known !== undefined
    ? {}
    : { semanticId: modelReference("Submodel", timeSeriesId) };
}

/** A file that adds to what another one makes cannot know what that gives. */
function lacking(
  { adopt, leaves, placeOf, elements }: SubmodelWish,
  whole: Submodel,
  template: Submodel,
): readonly Problem[] {
  if (adopt || elements !== undefined || template.kind !== "Template") return [];
  const linked = new Set(leaves.map(({ path }) => path));
  const place = placeText(placeOf("/template"));
  return checkInstance(whole, template, (path) => linked.has(path)).map(({ message, expected }) => ({
    place,
    message,
    expected,
  }));
}

function attempt(place: Place, problems: Problem[], action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== "config") throw error;
    problems.push(...error.problems.map((problem) => ({ ...problem, place: placeText(place) })));
  }
}

function modelProblems(submodel: Submodel, place: string): readonly Problem[] {
  try {
    validateSubmodel(submodel);
    return [];
  } catch (thrown) {
    const { problems } = HubError.from(thrown);
    return problems.map((problem) => ({ ...problem, place, message: `${problem.place}: ${problem.message}` }));
  }
}
