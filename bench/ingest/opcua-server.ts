import {
  DataType,
  type Namespace,
  nodesets,
  OPCUAServer,
  StatusCodes,
  standardUnits,
  type UAVariable,
} from "node-opcua";
import { assetName, POINTS_PER_ASSET, pointName } from "./bench-mapping.ts";
import { type ChangeOrder, type ChangeReport, Changer } from "./changer.ts";

/** What the server's process is asked: to change values until it is told to stop. */
export type ServerQuestion = { readonly ask: "change"; readonly order: ChangeOrder } | { readonly ask: "stop" };
export type ServerAnswer = Partial<ChangeReport>;

/** `node opcua-server.ts ASSETS`: an OPC UA server whose assets lie below Objects/Line, ten analog variables each. */
async function main(assets: number): Promise<void> {
  const server = new OPCUAServer({
    port: 0,
    host: "127.0.0.1",
    hostname: "127.0.0.1",
    serverInfo: { applicationUri: "urn:bench:server" },
    nodeset_filename: [nodesets.standard],
    serverCapabilities: { maxMonitoredItemsPerSubscription: 1_000_000, maxMonitoredItems: 1_000_000 },
  });
  await server.initialize();
  const addressSpace = server.engine.addressSpace;
  if (addressSpace === null) throw new Error("the OPC UA server has no address space");
  const variables = addLine(addressSpace.registerNamespace("urn:bench:line"), assets);
  await server.start();
  const endpoint = `opc.tcp://127.0.0.1:${server.endpoints[0]?.port}`;
  const changer = new Changer(variables.length, (index, value, at) => {
    variables[index]?.setValueFromSource({ dataType: DataType.Double, value }, StatusCodes.Good, at);
  });
  process.on("message", (question: ServerQuestion) => {
    if (question.ask === "change") changer.start(question.order);
    process.send?.(question.ask === "change" ? {} : changer.stop());
  });
  const stop = (): void => void server.shutdown(0).then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("disconnect", stop);
  process.send?.({ endpoint });
}

function addLine(namespace: Namespace, assets: number): UAVariable[] {
  const line = namespace.addFolder("ObjectsFolder", { browseName: "Line" });
  const variables: UAVariable[] = [];
  for (let asset = 0; asset < assets; asset += 1) {
    const machine = namespace.addObject({ browseName: assetName(asset), organizedBy: line });
    for (let point = 0; point < POINTS_PER_ASSET; point += 1) {
      variables.push(
        namespace.addAnalogDataItem({
          componentOf: machine,
          browseName: pointName(point),
          definition: "",
          dataType: "Double",
          value: { dataType: DataType.Double, value: asset + point / 10 },
          engineeringUnits: standardUnits.degree_celsius,
          engineeringUnitsRange: { low: -1e9, high: 1e9 },
          minimumSamplingInterval: 0,
        }),
      );
    }
  }
  return variables;
}

await main(Number(process.argv[2] ?? 10));
