import type { NewPart, PartRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Mutation, PartChange } from "../../core/mutation.ts";
import type { DocumentPort } from "../../store/contract.ts";
import { childPath } from "../id-short-path.ts";
import { withChildren } from "../metamodel/children.ts";
import type { SubmodelElement } from "../metamodel/types.ts";
import { joinElement, splitElement } from "../parts.ts";
import { validateElement } from "../validation/validate.ts";

/** Single items of a SubmodelElementList: what is done to one costs as little as it can, however long the list is. */
export interface ListItems {
  count(submodel: string, list: string): Promise<number>;
  /**
   * Judges an item by the rules of its list (AASd-107, -108, -109, -114); the list's other items keep them already.
   * @param container the list without its items. @throws HubError `invalid`
   */
  judge(submodel: string, list: string, container: SubmodelElement, item: SubmodelElement, at: number): Promise<void>;
  /** Takes an item out: those behind it move up by one. */
  removal(submodel: string, list: string, index: number): Promise<readonly Mutation[]>;
}

export function createListItems(documents: DocumentPort): ListItems {
  async function at(submodel: string, list: string, index: number): Promise<PartRow | undefined> {
    return await documents.part("submodel", submodel, childPath(list, index));
  }

  /** Indexes have no gaps: the last one is found by halving. */
  async function count(submodel: string, list: string): Promise<number> {
    let there = 0;
    let missing = 1;
    while ((await at(submodel, list, missing - 1)) !== undefined) {
      there = missing;
      missing *= 2;
    }
    while (missing - there > 1) {
      const middle = Math.floor((there + missing) / 2);
      if ((await at(submodel, list, middle - 1)) === undefined) missing = middle;
      else there = middle;
    }
    return there;
  }

  /** Some other item that has a semanticId, which all of them share then (AASd-114). */
  async function witness(submodel: string, list: string, index: number): Promise<SubmodelElement | undefined> {
    for (const near of [index - 1, index + 1]) {
      const row = near < 0 ? undefined : await at(submodel, list, near);
      const element = row === undefined ? undefined : bare(row);
      if (element?.semanticId !== undefined) return element;
    }
    const rows = await documents.parts("submodel", submodel, list);
    const other = rows.find(
      (row) => row.parent === list && row.key !== childPath(list, index) && row.body.includes('"semanticId"'),
    );
    return other === undefined ? undefined : bare(other);
  }

  return {
    count,
    async judge(submodel, list, container, item, index) {
      const { semanticIdListElement } = container as { readonly semanticIdListElement?: unknown };
      const alone = item.semanticId === undefined || semanticIdListElement !== undefined;
      const other = alone ? undefined : await witness(submodel, list, index);
      validateElement(withChildren(container, other === undefined ? [item] : [other, item]), false);
    },
    async removal(submodel, list, index) {
      const [whole, last] = [await documents.part("submodel", submodel, list), await at(submodel, list, index)];
      if (whole !== undefined && last !== undefined && (await at(submodel, list, index + 1)) === undefined) {
        return [changed(submodel, whole), removed(submodel, last)];
      }
      const rows = await documents.parts("submodel", submodel, list);
      const items = itemsOf(rows, list).slice(index);
      const [own] = rows;
      if (own === undefined || items.length === 0) throw new HubError("not-found", `${list} has no item ${index}`);
      const moved = items.flatMap((item, offset): readonly Mutation[] => {
        const next = items[offset + 1];
        return next === undefined ? [removed(submodel, item[0])] : replaced(submodel, list, index + offset, item, next);
      });
      return [changed(submodel, own), ...moved];
    },
  };
}

type Item = readonly [PartRow, ...PartRow[]];

/** The items of a list in their order, each with all below it. */
function itemsOf(rows: readonly PartRow[], list: string): readonly Item[] {
  const items: [PartRow, ...PartRow[]][] = [];
  for (const row of rows.slice(1)) {
    if (row.parent === list) items.push([row]);
    else items.at(-1)?.push(row);
  }
  return items;
}

/** Puts the next item into the place of one, which keeps its position; nothing where they are alike. */
function replaced(submodel: string, list: string, index: number, item: Item, next: Item): readonly Mutation[] {
  const [old, ...below] = item;
  if (below.length === 0 && next.length === 1 && old.body === next[0].body) return [];
  const element = joinElement(next);
  if (element === undefined) return [];
  const gone = below.filter(({ parent }) => parent === old.key).map((row) => removed(submodel, row));
  return [...gone, ...splitElement(element, list, index).map((part) => put(submodel, part, "within"))];
}

/** The list itself stays as it is; it tells of what becomes of its items. */
function changed(submodel: string, list: PartRow): Mutation {
  const { position: _place, createdAt: _created, modifiedAt: _modified, ...part } = list;
  return put(submodel, part, "updated");
}

function put(submodel: string, part: NewPart, how: PartChange): Mutation {
  return { kind: "part.put", collection: "submodel", id: submodel, part, how };
}

function removed(submodel: string, { key }: PartRow): Mutation {
  return { kind: "part.delete", collection: "submodel", id: submodel, key, how: "within" };
}

const bare = (row: PartRow): SubmodelElement => JSON.parse(row.body) as SubmodelElement;
