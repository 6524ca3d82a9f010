import type { WovenLeaf } from "../../core/end-codec.ts";
import { HubError, type Problem } from "../../core/errors.ts";
import { type Place, placeText } from "../../core/place.ts";
import type { PlannedDocument } from "../../core/plan.ts";
import { isAtOrBelow, isIdShortPath } from "../id-short-path.ts";
import { withElements } from "../metamodel/children.ts";
import { externalReference } from "../metamodel/reference.ts";
import type { Submodel, SubmodelElement } from "../metamodel/types.ts";
import { splitSubmodel } from "../parts.ts";
import { isObject } from "../validation/check.ts";
import { validateSubmodel } from "../validation/validate.ts";
import type { SubmodelsWish } from "./aas-end-schema.ts";
import { fillError, filledAt, isLanguageMap, withFixedValue } from "./fill.ts";
import { leafProperty, type UnitSymbol } from "./leaf-property.ts";
import type { PlacedLeaf } from "./leaf-wish.ts";
import { instantiated, readTemplate, type Template } from "./template.ts";
import { plannedConcepts } from "./template-concepts.ts";

export interface SubmodelWish {
  readonly idShort: string;
  readonly wish: SubmodelsWish[string];
  readonly leaves: readonly PlacedLeaf[];
  readonly folder: string;
  readonly owner: string;
  readonly adopt: boolean;
  /** Places of the submodel's members in the mapping file, by JSON pointer below it. */
  readonly placeOf: (pointer: string) => Place;
  readonly unitSymbol: UnitSymbol;
}

export interface WovenSubmodel {
  /** The submodel and the concept descriptions that came with its template; none where there are problems. */
  readonly documents: readonly PlannedDocument[];
  readonly leaves: readonly WovenLeaf[];
  readonly problems: readonly Problem[];
}

/** One submodel of an asset: from its template, its fixed values, its linked leaves. Reports every problem at its line. */
export async function weaveSubmodel(submodel: SubmodelWish): Promise<WovenSubmodel> {
  const { idShort, wish, placeOf, owner, adopt } = submodel;
  const problems: Problem[] = [];
  const values = [...flatValues(wish.values ?? {})];
  const wanted = (path: string): boolean => [...values, ...submodel.leaves].some((one) => isAtOrBelow(one.path, path));
  const { submodel: template, concepts } = await templateOf(submodel, wanted, problems);
  const head: Submodel = {
    ...template,
    modelType: "Submodel",
    idShort,
    id: wish.id,
    ...(wish.semanticId === undefined ? {} : { semanticId: externalReference(wish.semanticId) }),
  };
  let elements: readonly SubmodelElement[] = template.submodelElements ?? [];
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
  if (problems.length > 0) return { documents: [], leaves, problems };
  const whole = withElements(head, elements);
  const broken = modelProblems(whole, placeText(placeOf("")));
  if (broken.length > 0) return { documents: [], leaves, problems: broken };
  const { document, parts } = splitSubmodel(whole, owner);
  const place = placeOf("");
  const planned: PlannedDocument = { collection: "submodel", document, parts, place, adopt };
  return { documents: [planned, ...plannedConcepts(concepts, whole, owner, place)], leaves, problems: [] };
}

async function templateOf(
  { wish, folder, idShort, placeOf }: SubmodelWish,
  wanted: (path: string) => boolean,
  problems: Problem[],
): Promise<Template> {
  const none: Template = { submodel: { modelType: "Submodel", id: wish.id, kind: "Instance" }, concepts: [] };
  if (wish.template === undefined) return none;
  try {
    const { submodel, concepts } = await readTemplate(folder, wish.template, idShort);
    return { submodel: instantiated(submodel, wanted), concepts };
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

/** Fixed values by path; a map is a level of paths unless it is a text by language. */
function* flatValues(
  values: Readonly<Record<string, unknown>>,
  above = "",
  pointer = "/values",
): Generator<{ readonly path: string; readonly value: unknown; readonly pointer: string }> {
  for (const [name, value] of Object.entries(values)) {
    const path = above === "" ? name : `${above}.${name}`;
    const here = `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (isObject(value) && !isLanguageMap(value) && !isOwnValue(value)) yield* flatValues(value, path, here);
    else yield { path, value, pointer: here };
  }
}

/** The values of a Range and of a File have names of their own. */
function isOwnValue(value: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(value).every((key) => ["min", "max", "contentType", "value"].includes(key));
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
