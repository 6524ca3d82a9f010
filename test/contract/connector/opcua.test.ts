import { opcua } from "../../../src/southbound/opcua/opcua.ts";
import { connectorType } from "../../../src/southbound/registry.ts";
import { PlantServer } from "../../southbound/opcua/plant-server.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { freePort } from "../../support/free-port.ts";
import { describeConnectorContract } from "./connector-contract.ts";
import { describeDeclaration } from "./declaration-contract.ts";

const NODES: Readonly<Record<string, string>> = {
  "Objects/Line1/Press1/Process/Temp": "Press1.Temp",
  "Objects/Line1/Press2/Process/Temp": "Press2.Temp",
};
const type = connectorType(opcua.type);
if (!type) throw new Error("opcua is not registered");

describeDeclaration(type, "Objects/Line1/Press1");
describeConnectorContract({
  type,
  unreachable: { endpoint: "opc.tcp://127.0.0.1:1", requestTimeout: 1000 },
  async start(context) {
    const python = requireForeign(context, "asyncua");
    const port = await freePort();
    let server = await PlantServer.start(python, { port });
    return {
      config: { endpoint: server.endpoint, security: "None", publishingInterval: 50, keepAlive: 1000 },
      tags: ["Objects/Line1/Press1/Process/Temp", "Objects/Line1/Press2/Process/Temp"],
      async set(tag, value) {
        await server.do({ do: "set", node: NODES[tag], value });
      },
      badTag: "Objects/Line1/Press1/Process/Absent",
      malformedTag: "ns=2;i=1",
      writable: {
        tag: "Objects/Line1/Press1/Process/Set",
        value: 42.5,
        got: async () => Number((await server.do({ do: "get", node: "Press1.Set" })).value),
      },
      refused: { tag: "Objects/Odd/Locked", value: 2, codes: ["device-refused"] },
      callable: {
        method: "Objects/Recipes/Statistics",
        inputs: { Samples: [1, 2], Count: 3, Name: "a" },
        outputs: { Sum: 3, Doubled: [2, 4], Same: 3, Text: "a of 2" },
        refused: "Objects/Recipes/Refuse",
        slow: { method: "Objects/Recipes/Sleep", inputs: { Seconds: 1.2 } },
      },
      browsable: { pattern: "Objects/Line1/*", atLeast: 2 },
      kill: () => server.kill(),
      async restart() {
        server = await PlantServer.start(python, { port });
      },
    };
  },
});
