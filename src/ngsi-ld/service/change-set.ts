import type { HubError } from "../../core/errors.ts";
import type { Mutation } from "../../core/mutation.ts";
import type { LeafWrite, LiveLeaf } from "../../twin/contract.ts";
import type { AttributeBody } from "../entity/entity.ts";
import { kindOfBody, partOf, type StoredAttribute, valueOfBody } from "../entity/entity-document.ts";
import type { EntityState } from "../entity/entity-state.ts";
import { clientShare, type QualityNames } from "../entity/live-attribute.ts";
import { partKey } from "../entity/part-key.ts";
import { sameJson } from "../json/json.ts";
import { jsonOfValue, valueOfJson } from "../json/value-json.ts";
import type { PartError } from "./entity-service.ts";
import { deleteConflict, documentWriteConflict, readOnlyConflict, retypeConflict } from "./link-conflict.ts";

/** Whether values of linked attributes go to devices (rule 4) or are only compared (rule 5). */
export type ValuePolicy = "actuate" | "document";

interface DeviceWrite extends LeafWrite {
  readonly name: string;
  readonly datasetId: string | undefined;
}

/** Collects what one request does to one entity: document mutations, device writes, and what cannot be done. */
export class ChangeSet {
  readonly #state: EntityState;
  readonly #names: QualityNames;
  readonly #policy: ValuePolicy;
  readonly #stored: ReadonlyMap<string, StoredAttribute>;
  readonly mutations: Mutation[] = [];
  readonly writes: DeviceWrite[] = [];
  readonly failed: PartError[] = [];
  readonly updated = new Set<string>();

  constructor(state: EntityState, names: QualityNames, policy: ValuePolicy) {
    this.#state = state;
    this.#names = names;
    this.#policy = policy;
    this.#stored = new Map(state.entity.attributes.map((attribute) => [attribute.key, attribute]));
  }

  stored(name: string, datasetId: string | undefined): StoredAttribute | undefined {
    const stored = this.#stored.get(partKey(name, datasetId));
    const gone = stored?.expiresAt !== undefined && stored.expiresAt <= this.#state.at;
    return gone ? undefined : stored;
  }

  leaf(name: string, datasetId: string | undefined): LiveLeaf | undefined {
    return this.#state.live.get(partKey(name, datasetId));
  }

  fail(attribute: string, datasetId: string | undefined, error: HubError): void {
    this.failed.push({ attribute, datasetId, error });
  }

  /** `body` is what the instance shall be; `given` what the client sent, if that is less. */
  put(name: string, datasetId: string | undefined, body: AttributeBody, given: AttributeBody = body): void {
    const leaf = this.leaf(name, datasetId);
    if (leaf !== undefined) {
      this.#putLinked(leaf, name, datasetId, body, given);
      return;
    }
    const whole = datasetId === undefined ? body : { ...body, datasetId };
    this.mutations.push({
      kind: "part.put",
      collection: "entity",
      id: this.#state.entity.id,
      part: partOf({ name, datasetId, body: whole }),
    });
    this.updated.add(name);
  }

  delete(name: string, datasetId: string | undefined): void {
    const leaf = this.leaf(name, datasetId);
    if (leaf !== undefined) {
      this.fail(name, datasetId, deleteConflict(leaf.link));
      return;
    }
    const stored = this.#stored.get(partKey(name, datasetId));
    this.mutations.push({
      kind: "part.delete",
      collection: "entity",
      id: this.#state.entity.id,
      key: partKey(name, datasetId),
      ...(stored === undefined ? {} : { was: wasOf(stored) }),
    });
    this.updated.add(name);
  }

  #putLinked(
    leaf: LiveLeaf,
    name: string,
    datasetId: string | undefined,
    body: AttributeBody,
    given: AttributeBody,
  ): void {
    const stored = this.#stored.get(leaf.part);
    const storedBody = stored?.body ?? { type: "Property" };
    if (body.type !== undefined && kindOfBody(body) !== kindOfBody(storedBody)) {
      this.fail(name, datasetId, retypeConflict(leaf.link));
      return;
    }
    const value = valueOfBody({ ...given, type: kindOfBody(storedBody) });
    let refused = false;
    if (value !== undefined && this.#policy === "actuate") {
      if (leaf.link.write === undefined) {
        this.fail(name, datasetId, readOnlyConflict(leaf.link));
        refused = true;
      } else {
        this.writes.push({ link: leaf.link, value: valueOfJson(value), name, datasetId });
      }
    } else if (value !== undefined) {
      const shown = leaf.signal?.value;
      if (shown === undefined || !sameJson(jsonOfValue(shown), value)) {
        this.fail(name, datasetId, documentWriteConflict(leaf.link));
        refused = true;
      }
    }
    const share = clientShare(body, storedBody, this.#names);
    if (datasetId !== undefined) Object.assign(share, { datasetId });
    if (!sameJson(share, storedBody)) {
      this.mutations.push({
        kind: "part.put",
        collection: "entity",
        id: this.#state.entity.id,
        part: partOf({ name, datasetId, body: share }),
      });
      this.updated.add(name);
    } else if (!refused && value === undefined) {
      this.updated.add(name);
    } else if (!refused && this.#policy === "document") {
      this.updated.add(name);
    }
  }
}

function wasOf({ body, createdAt, modifiedAt }: StoredAttribute) {
  return { kind: kindOfBody(body), createdAt, modifiedAt };
}
