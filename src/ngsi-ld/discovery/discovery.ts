import { HubError } from "../../core/errors.ts";
import type { Census, CensusRequest, DocumentPort } from "../../store/contract.ts";
import type { TermTable } from "../context/term-table.ts";
import type { Json, JsonObject } from "../json/json.ts";

/** Which types and attributes the entities of a tenant have (CIM 009 5.7.5 to 5.7.10), names compacted by `table`. */
export class Discovery {
  readonly #documents: Pick<DocumentPort, "census">;

  constructor(documents: Pick<DocumentPort, "census">) {
    this.#documents = documents;
  }

  /** 5.7.5. An EntityTypeList (4.5.10, 5.2.24); `id` is made by the caller, as it names this one answer. */
  async types(table: TermTable, id: string): Promise<JsonObject> {
    const { documents } = await this.#census();
    return { id, type: "EntityTypeList", typeList: compacted(documents.keys(), table) };
  }

  /** 5.7.6. Elements of the type EntityType (4.5.11, 5.2.25). */
  async typeDetails(table: TermTable): Promise<readonly JsonObject[]> {
    const { documents, uses } = await this.#census();
    const byType = Map.groupBy(uses, ({ value }) => value);
    return [...documents.keys()].map((type) => ({
      id: type,
      type: "EntityType",
      typeName: table.compact(type),
      attributeNames: compacted(
        (byType.get(type) ?? []).map(({ part }) => part),
        table,
      ),
    }));
  }

  /** 5.7.7. An EntityTypeInfo (4.5.12, 5.2.26). Throws HubError `not-found`. */
  async type(type: string, table: TermTable): Promise<JsonObject> {
    const { documents, uses } = await this.#census({ value: type });
    const entityCount = documents.get(type);
    if (entityCount === undefined) throw new HubError("not-found", `there is no entity of the type ${type}`);
    const attributeDetails = [...Map.groupBy(uses, ({ part }) => part)].map(([name, of]) => ({
      ...attributeHead(name, table),
      attributeTypes: distinct(of.map(({ kind }) => kind)),
    }));
    return { id: type, type: "EntityTypeInfo", typeName: table.compact(type), entityCount, attributeDetails };
  }

  /** 5.7.8. An AttributeList (4.5.13, 5.2.27). */
  async attributes(table: TermTable, id: string): Promise<JsonObject> {
    const { parts } = await this.#census();
    return { id, type: "AttributeList", attributeList: compacted(parts.keys(), table) };
  }

  /** 5.7.9. Elements of the type Attribute (4.5.14, 5.2.28), without counts and types. */
  async attributeDetails(table: TermTable): Promise<readonly JsonObject[]> {
    const { uses } = await this.#census();
    return [...Map.groupBy(uses, ({ part }) => part)].map(([name, of]) => ({
      ...attributeHead(name, table),
      typeNames: compacted(
        of.map(({ value }) => value),
        table,
      ),
    }));
  }

  /** 5.7.10. An Attribute (4.5.15, 5.2.28). Throws HubError `not-found`. */
  async attribute(name: string, table: TermTable): Promise<JsonObject> {
    const { parts, uses } = await this.#census({ part: name });
    const attributeCount = parts.get(name);
    if (attributeCount === undefined) throw new HubError("not-found", `no entity has an attribute ${name}`);
    return {
      ...attributeHead(name, table),
      attributeCount,
      attributeTypes: distinct(uses.map(({ kind }) => kind)),
      typeNames: compacted(
        uses.map(({ value }) => value),
        table,
      ),
    };
  }

  #census(narrowed: Pick<CensusRequest, "value" | "part"> = {}): Promise<Census> {
    return this.#documents.census("entity", { key: "type", ...narrowed });
  }
}

const attributeHead = (name: string, table: TermTable): JsonObject => ({
  id: name,
  type: "Attribute",
  attributeName: table.compact(name),
});

const distinct = (names: Iterable<string>): Json & readonly string[] => [...new Set(names)].sort();

const compacted = (names: Iterable<string>, table: TermTable): Json =>
  distinct([...names].map((name) => table.compact(name)));
