import { modbus } from "../../../src/southbound/modbus/modbus.ts";
import { connectorType } from "../../../src/southbound/registry.ts";
import { ForeignModbus } from "../../southbound/modbus/foreign-modbus.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { freePort } from "../../support/free-port.ts";
import { describeConnectorContract } from "./connector-contract.ts";
import { describeDeclaration } from "./declaration-contract.ts";

const type = connectorType(modbus.type);
if (!type) throw new Error("modbus is not registered");

describeDeclaration(type);
describeConnectorContract({
  type,
  unreachable: { host: "127.0.0.1", port: 1, timeout: 500 },
  async start(context) {
    const python = requireForeign(context, "pymodbus");
    const port = await freePort();
    const begin = async (): Promise<ForeignModbus> => {
      const server = await ForeignModbus.start(python, port);
      await server.refuse("holding", 110);
      return server;
    };
    let server = await begin();
    return {
      config: { host: "127.0.0.1", port, interval: 50, timeout: 2000 },
      tags: ["holding:100", "holding:112"],
      set: (tag, value) => server.set("holding", Number(tag.split(":")[1]), value),
      badTag: "holding:110",
      malformedTag: "holding:no-number",
      writable: {
        tag: "holding:20:int16",
        value: -7,
        got: async () => (((await server.get("holding", 20)) as number[])[0] === 65_529 ? -7 : null),
      },
      refused: { tag: "holding:110", value: 1, codes: ["device-refused"] },
      kill: () => server.kill(),
      async restart() {
        server = await begin();
      },
    };
  },
});
