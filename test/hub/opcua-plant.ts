import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DataType,
  OPCUACertificateManager,
  OPCUAServer,
  StatusCodes,
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
  /** The port it had before, for one that comes back. */
  readonly port?: number;
  /** Other namespaces in front of the plant's own, which shift its index. */
  readonly namespacesBefore?: readonly string[];
}

/** An OPC UA server with the given variables below Objects, each by its name as string id too. */
export async function startOpcUaPlant({
  variables,
  port = 0,
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
  for (const { name, dataType, value, at } of variables) {
    const node = namespace.addVariable({
      nodeId: `s=${name}`,
      browseName: name,
      organizedBy: space.rootFolder.objects,
      dataType: dataType === DataType.Null ? "BaseDataType" : DataType[dataType],
      minimumSamplingInterval: 0,
    });
    nodes.set(name, { node, dataType });
    set(name, value, at);
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
