import type { DataValue, NodeId } from "node-opcua-client";
import type { PointFacts } from "../../core/browse.ts";
import { HubError } from "../../core/errors.ts";
import type { ValueType } from "../../core/value.ts";
import { BuiltIn, decodeVariant } from "./decode.ts";
import type { RawSession } from "./raw-session.ts";
import { inChunks, type OperationLimits } from "./requests.ts";
import type { AddressSpace } from "./resolve.ts";

/** Attribute ids (OPC 10000-6, A.1). */
const VALUE = 13;
const DATA_TYPE = 14;
const VALUE_RANK = 15;
const USER_ACCESS_LEVEL = 18;
const NODE_CLASS = 2;
/** Enumeration: on the wire an Int32 (OPC 10000-3, 8.40). */
const ENUMERATION = 29;
const CURRENT_WRITE = 0x02;
const HAS_SUBTYPE = "i=45";
const INVERSE = 1;
/** Type trees are a handful of levels deep; a loop in a broken server must end. */
const MAX_TYPE_DEPTH = 16;

const VALUE_TYPES: Readonly<Record<number, ValueType>> = {
  [BuiltIn.Boolean]: "boolean",
  [BuiltIn.SByte]: "byte",
  [BuiltIn.Byte]: "unsignedByte",
  [BuiltIn.Int16]: "short",
  [BuiltIn.UInt16]: "unsignedShort",
  [BuiltIn.Int32]: "int",
  [BuiltIn.UInt32]: "unsignedInt",
  [BuiltIn.Int64]: "long",
  [BuiltIn.UInt64]: "unsignedLong",
  [BuiltIn.Float]: "float",
  [BuiltIn.Double]: "double",
  [BuiltIn.String]: "string",
  [BuiltIn.DateTime]: "dateTime",
  [BuiltIn.Guid]: "string",
  [BuiltIn.ByteString]: "base64Binary",
  [BuiltIn.XmlElement]: "string",
  [BuiltIn.NodeId]: "string",
  [BuiltIn.ExpandedNodeId]: "string",
  [BuiltIn.StatusCode]: "string",
  [BuiltIn.QualifiedName]: "string",
  [BuiltIn.LocalizedText]: "string",
  [BuiltIn.ExtensionObject]: "json",
};

export function valueTypeOf(builtIn: number): ValueType | undefined {
  return VALUE_TYPES[builtIn];
}

/** Namespace of EUInformation whose unitId are the bytes of the UNECE code (OPC 10000-8, 5.6.4.3). */
const UNECE_UNITS = "http://www.opcfoundation.org/UA/units/un/cefact";

/** What nodes say of themselves: type, access, unit, range. Types are kept for the session. */
export class NodeFacts {
  readonly #session: RawSession;
  readonly #space: AddressSpace;
  readonly #limits: OperationLimits;
  readonly #builtIns = new Map<string, number>();

  constructor(session: RawSession, space: AddressSpace, limits: OperationLimits) {
    this.#session = session;
    this.#space = space;
    this.#limits = limits;
  }

  /** Facts of each of `nodes`, in their order; what a node does not say is left out. */
  async of(nodes: readonly NodeId[], abort: AbortSignal): Promise<PointFacts[]> {
    const attributes = [VALUE, DATA_TYPE, VALUE_RANK, USER_ACCESS_LEVEL];
    const values = await this.read(
      nodes.flatMap((nodeId) => attributes.map((attributeId) => ({ nodeId, attributeId }))),
      abort,
    );
    const properties = await this.#properties(nodes, abort);
    const facts: PointFacts[] = [];
    for (let index = 0; index < nodes.length; index += 1) {
      const [value, type, rank, access] = values.slice(index * attributes.length, (index + 1) * attributes.length);
      const valueType = await this.#valueType(value, type, rank);
      const level: unknown = access?.value?.value;
      facts.push({
        ...(valueType && { valueType }),
        ...(typeof level === "number" && { writable: (level & CURRENT_WRITE) !== 0 }),
        ...properties[index],
      });
    }
    return facts;
  }

  /** Number of the built-in type in which the node takes a value, and whether it takes arrays. */
  async writeType(node: NodeId, abort: AbortSignal): Promise<{ readonly builtIn: number; readonly rank: number }> {
    const attributes = [VALUE, DATA_TYPE, VALUE_RANK];
    const request = attributes.map((attributeId) => ({ nodeId: node, attributeId }));
    const [value, type, rank] = await this.read(request, abort);
    const builtIn = await this.#builtIn(value, type);
    if (builtIn === undefined) throw new HubError("device-refused", `${node.toString()} does not say its data type`);
    const said: unknown = rank?.value?.value;
    return { builtIn, rank: typeof said === "number" ? said : -2 };
  }

  /** Number of the built-in type that values of a declared type are made of; `undefined` for abstract ones. */
  async builtInOf(dataType: NodeId): Promise<number | undefined> {
    return builtInNumber(dataType) ?? (await this.#superType(dataType));
  }

  /** In the order of `nodes`. */
  async nodeClasses(nodes: readonly NodeId[], abort: AbortSignal): Promise<readonly unknown[]> {
    const values = await this.read(
      nodes.map((nodeId) => ({ nodeId, attributeId: NODE_CLASS })),
      abort,
    );
    return values.map((data) => data.value?.value);
  }

  async read(requests: { nodeId: NodeId; attributeId: number }[], abort: AbortSignal): Promise<DataValue[]> {
    return inChunks(requests, this.#limits.read, abort, (chunk) => this.#session.read(chunk));
  }

  async #valueType(value?: DataValue, type?: DataValue, rank?: DataValue): Promise<ValueType | undefined> {
    const isArray = (value?.value?.arrayType ?? 0) !== 0 || (rank?.value?.value ?? -1) >= 0;
    if (isArray) return "json";
    const builtIn = await this.#builtIn(value, type);
    return builtIn === undefined ? undefined : VALUE_TYPES[builtIn];
  }

  /** A concrete built-in type as declared; else what the value is made of; else what the declared type derives from. */
  async #builtIn(value?: DataValue, type?: DataValue): Promise<number | undefined> {
    const declared = type?.value?.value as NodeId | undefined;
    const direct = declared && builtInNumber(declared);
    if (direct !== undefined) return direct;
    const actual: number = value?.value?.dataType ?? BuiltIn.Null;
    if (actual !== BuiltIn.Null) return actual;
    return declared && (await this.#superType(declared));
  }

  async #superType(type: NodeId): Promise<number | undefined> {
    const key = type.toString();
    let current = type;
    for (let depth = 0; depth < MAX_TYPE_DEPTH; depth += 1) {
      const found = builtInNumber(current) ?? this.#builtIns.get(current.toString());
      if (found !== undefined) {
        this.#builtIns.set(key, found);
        return found;
      }
      const [result] = await this.#session.browse([
        { nodeId: current, browseDirection: INVERSE, referenceTypeId: HAS_SUBTYPE, resultMask: 0 },
      ]);
      const parent = result?.references?.[0]?.nodeId;
      if (parent === undefined) return undefined;
      current = parent;
    }
    return undefined;
  }

  /** Unit and range, from the properties of analog items (OPC 10000-8, 5.3.2). */
  async #properties(nodes: readonly NodeId[], abort: AbortSignal) {
    const lists = await this.#space.children(nodes, abort);
    const wanted = lists.flatMap((list, owner) =>
      list instanceof HubError
        ? []
        : list
            .filter(({ browseName }) => browseName.name === "EngineeringUnits" || browseName.name === "EURange")
            .map(({ nodeId, browseName }) => ({ owner, name: browseName.name, nodeId })),
    );
    const values = await this.read(
      wanted.map(({ nodeId }) => ({ nodeId, attributeId: VALUE })),
      abort,
    );
    const found: { unit?: string; range?: { low: number; high: number } }[] = nodes.map(() => ({}));
    wanted.forEach(({ owner, name }, index) => {
      const value = decodeVariant(values[index]?.value);
      const facts = found[owner];
      if (facts === undefined || value === null || typeof value !== "object" || Array.isArray(value)) return;
      const members = value as Readonly<Record<string, unknown>>;
      if (name === "EngineeringUnits") {
        const unit = uneceCode(members);
        if (unit !== undefined) facts.unit = unit;
      } else if (typeof members.low === "number" && typeof members.high === "number") {
        facts.range = { low: members.low, high: members.high };
      }
    });
    return found;
  }
}

/** 1 to 25 in namespace 0 are built in; the abstract ones among them (Number, Variant, …) say nothing. */
function builtInNumber(type: NodeId): number | undefined {
  if (type.namespace !== 0 || typeof type.value !== "number") return undefined;
  if (type.value === ENUMERATION) return BuiltIn.Int32;
  return type.value >= BuiltIn.Boolean && type.value <= BuiltIn.ExtensionObject ? type.value : undefined;
}

function uneceCode({ namespaceUri, unitId }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof unitId !== "number" || unitId <= 0 || unitId > 0xffffff) return undefined;
  if (typeof namespaceUri === "string" && namespaceUri !== "" && namespaceUri !== UNECE_UNITS) return undefined;
  const code = String.fromCharCode((unitId >> 16) & 0xff, (unitId >> 8) & 0xff, unitId & 0xff).replaceAll("\0", "");
  return /^[0-9A-Z]{2,3}$/.test(code) ? code : undefined;
}
