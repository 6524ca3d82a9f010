import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DataType,
  OPCUACertificateManager,
  OPCUAServer,
  StatusCodes,
  type UAObject,
  type UAVariable,
  type Variant,
  VariantArrayType,
} from "node-opcua";

export const plantNamespace = "urn:test:plant";

export interface PlantVariable {
  readonly name: string;
  readonly dataType: DataType;
  readonly value: unknown;
  /** The server's own time where it is left out. */
  readonly at?: Date;
}

export interface OpcUaPlant {
  readonly port: number;
  readonly endpoint: string;
  set(name: string, value: unknown, at?: Date): void;
  close(): Promise<void>;
}

export interface OpcUaPlantOptions {
  readonly variables: readonly PlantVariable[];
  /** Objects with variables of their own, by name. */
  readonly folders?: Readonly<Record<string, readonly PlantVariable[]>>;
  /** The port it had before, for one that comes back. */
  readonly port?: number;
  /** Other namespaces in front of the plant's own, which shift its index. */
  readonly namespacesBefore?: readonly string[];
}

/** An OPC UA server with the given variables below Objects, each by its name as string id too. */
export async function startOpcUaPlant({
  variables,
  port = 0,
  folders = {},
  namespacesBefore = [],
}: OpcUaPlantOptions): Promise<OpcUaPlant> {
  const rootFolder = await mkdtemp(join(tmpdir(), "twinweave-opcua-"));
  const server = new OPCUAServer({
    port,
    host: "127.0.0.1",
    hostname: "127.0.0.1",
    serverCertificateManager: new OPCUACertificateManager({ rootFolder }),
  });
  await server.initialize();
  const space = server.engine.addressSpace;
  if (space === null) throw new Error("the OPC UA server has no address space");
  for (const uri of namespacesBefore) space.registerNamespace(uri);
  const namespace = space.registerNamespace(plantNamespace);
  const nodes = new Map<string, { node: UAVariable; dataType: DataType }>();
  const set = (name: string, value: unknown, at?: Date): void => {
    const known = nodes.get(name);
    if (known === undefined) throw new Error(`there is no ${name}`);
    const variant = { dataType: known.dataType, arrayType: VariantArrayType.Scalar, value } as Variant;
    known.node.setValueFromSource(variant, StatusCodes.Good, at ?? new Date());
  };
  const add = (id: string, parent: UAObject, { name, dataType, value, at }: PlantVariable): void => {
    const node = namespace.addVariable({
      nodeId: `s=${id}`,
      browseName: name,
      organizedBy: parent,
      dataType: dataType === DataType.Null ? "BaseDataType" : DataType[dataType],
      minimumSamplingInterval: 0,
    });
    nodes.set(id, { node, dataType });
    set(id, value, at);
  };
  const { objects } = space.rootFolder;
  for (const variable of variables) add(variable.name, objects, variable);
  for (const [folder, inside] of Object.entries(folders)) {
    const object = namespace.addObject({ browseName: folder, organizedBy: objects });
    for (const variable of inside) add(`${folder}.${variable.name}`, object, variable);
  }
  await server.start();
  const bound = server.endpoints[0]?.port ?? port;
  return {
    port: bound,
    endpoint: `opc.tcp://127.0.0.1:${bound}`,
    set,
    async close() {
      await server.shutdown(0);
      await rm(rootFolder, { recursive: true, force: true });
    },
  };
}
