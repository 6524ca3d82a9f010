import { isDeepStrictEqual } from "node:util";
import type { DocumentRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Mutation, PartChange, Precondition } from "../../core/mutation.ts";
import type { Scope } from "../../core/scope.ts";
import type { DocumentUnit } from "../../twin/contract.ts";
import { childPath, lastStep, parentPath, parseIdShortPath } from "../id-short-path.ts";
import { childMember, childrenOf, withChildren } from "../metamodel/children.ts";
import type { SubmodelElement } from "../metamodel/types.ts";
import { withoutReserved } from "../overlay/signal-qualifiers.ts";
import { splitElement } from "../parts.ts";
import { isComputed } from "../time-series/computed-names.ts";
import { refuseTemplateQualifiers, validateElement } from "../validation/validate.ts";
import { elementMetadata, isListItem, membersOfValue } from "../value-only/content.ts";
import { checkExpected, commitDecided, type Expected, type ServiceParts, unchanged } from "./commit.ts";
import { replacedAt } from "./element-tree.ts";
import { leavesUnder, linkedProblem, refuseDelete } from "./linked-leaves.ts";
import { createListItems } from "./list-items.ts";
import { mergedElement } from "./merge.ts";
import type { SubmodelReader } from "./submodel-reader.ts";
import { noElement, noSubmodel, readOnly } from "./submodel-refusals.ts";
import { notMetadata, objectOf, type SubmodelService, type Written } from "./submodel-service.ts";

export interface ElementService {
  /** Below the submodel (`parent` undefined) or an element; gives the new element's path. `already-exists`, `not-found`. */
  create(scope: Scope, submodel: string, parent: string | undefined, body: unknown): Promise<string>;
  /** Creates or replaces the element at the path; its place among its siblings stays. */
  put(scope: Scope, submodel: string, path: string, body: unknown, expected: Expected): Promise<Written>;
  patch(scope: Scope, submodel: string, path: string, body: unknown, expected: Expected): Promise<Written>;
  /** PATCH `$metadata`: all but what `$metadata` leaves out. */
  patchMetadata(scope: Scope, submodel: string, path: string, body: unknown, expected: Expected): Promise<Written>;
  /** @throws HubError `conflict` where it is or holds a linked leaf, or stands in a list with one (rule 6) */
  delete(scope: Scope, submodel: string, path: string, expected: Expected): Promise<void>;
}

export function createElementService(
  parts: ServiceParts,
  reader: SubmodelReader,
  submodels: SubmodelService,
): ElementService {
  const { documents, twin } = parts;

  const items = createListItems(documents);

  async function head(submodel: string, expected: Expected): Promise<DocumentRow> {
    const row = await documents.get("submodel", submodel);
    if (row === undefined) throw noSubmodel(submodel);
    checkExpected(expected, row.version, "the submodel");
    return row;
  }

  /** An element without what lies below it. */
  async function alone(submodel: string, path: string): Promise<SubmodelElement> {
    const part = await documents.part("submodel", submodel, path);
    if (part === undefined) throw await reader.absent(submodel, path);
    return JSON.parse(part.body) as SubmodelElement;
  }

  async function create(
    scope: Scope,
    submodel: string,
    parent: string | undefined,
    body: unknown,
    wantedIndex?: number,
  ): Promise<string> {
    return await commitDecided(parts, scope, async () => {
      const { version: now, keys } = await head(submodel, undefined);
      const container = parent === undefined ? undefined : await alone(submodel, parent);
      if (container !== undefined && childMember(container.modelType) === undefined)
        throw noContainer(container, parent);
      const isList = container?.modelType === "SubmodelElementList";
      const element = withoutReserved(validateElement(body, !isList));
      refuseTemplateQualifiers(element, keys.kind?.[0]);
      const index = isList && parent !== undefined ? await items.count(submodel, parent) : 0;
      if (isList && parent !== undefined) await items.judge(submodel, parent, container, element, index);
      else if (container !== undefined) validateElement(withChildren(container, [element]), false);
      if (wantedIndex !== undefined && wantedIndex !== index) throw noElement(submodel, `${parent}[${wantedIndex}]`);
      const step = isList ? index : (element.idShort ?? "");
      const path = childPath(parent, step);
      if (container !== undefined && isComputed(container, element.idShort)) throw readOnly(path);
      const preconditions: Precondition[] = isList
        ? [unchanged("submodel", submodel, now)]
        : [
            { collection: "submodel", id: submodel, must: "exist" },
            ...(parent === undefined
              ? []
              : [{ collection: "submodel", id: submodel, part: parent, must: "exist" } as const]),
            { collection: "submodel", id: submodel, part: path, must: "be-absent" },
          ];
      return {
        unit: { preconditions, mutations: puts(submodel, splitElement(element, parent, step), "created") },
        result: path,
      };
    });
  }

  /** Replaces what is stored at a path; `next` sees it without live values. */
  async function replace(
    scope: Scope,
    submodel: string,
    path: string,
    expected: Expected,
    next: (before: SubmodelElement) => unknown,
  ): Promise<Written> {
    const judged = (before: SubmodelElement): SubmodelElement => {
      const element = validateElement(next(before), !isListItem(path));
      checkIdShort(element, path);
      return withoutReserved(element);
    };
    if (leavesUnder(twin, submodel, path).length > 0) {
      // Linked leaves below: the submodel judges the change as a whole.
      const { stored } = await reader.view(submodel);
      const elements = replacedAt(stored.submodelElements ?? [], path, judged);
      if (elements === undefined) throw noElement(submodel, path);
      return await submodels.put(scope, submodel, { ...stored, submodelElements: elements }, expected);
    }
    return await commitDecided(parts, scope, async () => {
      const { version: now, keys } = await head(submodel, expected);
      const { stored } = await reader.storedElement(submodel, path);
      const element = judged(stored);
      refuseTemplateQualifiers(element, keys.kind?.[0]);
      await judgeInParent(submodel, path, element);
      const mutations = replacement(submodel, path, stored, element);
      const unit: DocumentUnit = { preconditions: [unchanged("submodel", submodel, now)], mutations };
      return { unit, result: { created: false, kept: [] } };
    });
  }

  return {
    create,
    async put(scope, submodel, path, body, expected) {
      parseIdShortPath(path);
      const { version: now } = await head(submodel, expected === "absent" ? undefined : expected);
      if ((await documents.part("submodel", submodel, path)) !== undefined) {
        // Whether one is there is asked of the element; a version is the submodel's.
        if (expected === "absent") checkExpected(expected, now, path);
        return await replace(scope, submodel, path, expected, () => body);
      }
      const step = lastStep(path);
      const element = validateElement(body, typeof step === "string");
      checkIdShort(element, path);
      await create(scope, submodel, parentPath(path), element, typeof step === "number" ? step : undefined);
      return { created: true, kept: [] };
    },
    async patch(scope, submodel, path, body, expected) {
      const patch = objectOf(body);
      return await replace(scope, submodel, path, expected, (before) => mergedElement(before, patch));
    },
    async patchMetadata(scope, submodel, path, body, expected) {
      const patch = objectOf(body);
      return await replace(scope, submodel, path, expected, (before) => {
        const values = membersOfValue(before.modelType);
        if (values === undefined) throw noMetadata(before.modelType);
        const member = values.find((name) => patch[name] !== undefined);
        if (member !== undefined) throw notMetadata(member);
        return mergedElement(before, patch);
      });
    },
    async delete(scope, submodel, path, expected) {
      parseIdShortPath(path);
      await commitDecided(parts, scope, async () => {
        const { version: now } = await head(submodel, expected);
        const part = await documents.part("submodel", submodel, path);
        if (part === undefined) throw await reader.absent(submodel, path);
        refuseDelete(leavesUnder(twin, submodel, path), path);
        const { createdAt, modifiedAt, kind } = part;
        const was = { createdAt, modifiedAt, kind };
        const unit = isListItem(path)
          ? await removal(submodel, path)
          : [{ kind: "part.delete", collection: "submodel", id: submodel, key: path, was } as const];
        return { unit: { preconditions: [unchanged("submodel", submodel, now)], mutations: unit }, result: undefined };
      });
    },
  };

  /** An item of a list: those behind it move up, so a list with linked items is left alone. */
  async function removal(submodel: string, path: string): Promise<readonly Mutation[]> {
    const list = parentPath(path) ?? path;
    const [leaf] = leavesUnder(twin, submodel, list);
    if (leaf !== undefined) {
      throw new HubError("conflict", `the list ${list} holds linked items, whose index would move`, {
        problems: [linkedProblem(leaf, "would move")],
      });
    }
    return await items.removal(submodel, list, Number(lastStep(path)));
  }

  /** The rules of what is around an element that is replaced: items of a list are alike, annotations data elements. */
  async function judgeInParent(submodel: string, path: string, element: SubmodelElement): Promise<void> {
    const parent = parentPath(path);
    if (parent === undefined) return;
    const container = await alone(submodel, parent);
    const step = lastStep(path);
    if (typeof step === "number") await items.judge(submodel, parent, container, element, step);
    else validateElement(withChildren(container, [element]), false);
  }
}

/** One part for the element itself, so that it keeps its place; what lay below it goes, what lies there now comes. */
function replacement(
  submodel: string,
  path: string,
  before: SubmodelElement,
  next: SubmodelElement,
): readonly Mutation[] {
  const isList = before.modelType === "SubmodelElementList";
  const gone = childrenOf(before).map(
    (child, index): Mutation => ({
      kind: "part.delete",
      collection: "submodel",
      id: submodel,
      key: childPath(path, isList ? index : (child.idShort ?? "")),
      how: "within",
    }),
  );
  const how = changeOf(before, next);
  return [...gone, ...puts(submodel, splitElement(next, parentPath(path), lastStep(path)), how)];
}

/** The first part is what changes; what lies below it comes along. */
function puts(submodel: string, parts: ReturnType<typeof splitElement>, how: PartChange): readonly Mutation[] {
  return parts.map((part, index) => ({
    kind: "part.put",
    collection: "submodel",
    id: submodel,
    part,
    how: index === 0 ? how : "within",
  }));
}

function changeOf(before: SubmodelElement, next: SubmodelElement): PartChange {
  if (isDeepStrictEqual(before, next)) return "within";
  const metadata = elementMetadata(before);
  const sameElement = metadata !== undefined && isDeepStrictEqual(metadata, elementMetadata(next));
  return sameElement && childMember(before.modelType) === undefined ? "value" : "updated";
}

/** IDTA-01002 v3.1.2, "Applicability of SerializationModifiers". */
function noMetadata(type: SubmodelElement["modelType"]): HubError {
  const message = `a ${type} has no $metadata`;
  return new HubError("invalid", message, {
    problems: [{ place: "idShortPath", message, expected: "a PATCH without $metadata" }],
  });
}

function noContainer(element: SubmodelElement, path: string | undefined): HubError {
  const message = `${path ?? ""} is a ${element.modelType}: no element can lie below it`;
  return new HubError("invalid", message, {
    problems: [
      {
        place: "idShortPath",
        message,
        expected: "a SubmodelElementCollection, SubmodelElementList, Entity or AnnotatedRelationshipElement",
      },
    ],
  });
}

/** @throws HubError `invalid` where the body is of another element than the path */
function checkIdShort(element: SubmodelElement, path: string): void {
  const step = lastStep(path);
  if (typeof step === "number" || element.idShort === step) return;
  const message = "the body's idShort is not the last one of the path";
  throw new HubError("invalid", message, { problems: [{ place: "/idShort", message, expected: step }] });
}
