import type { Value } from "../../../src/core/value.ts";
import { mqtt } from "../../../src/southbound/mqtt/mqtt.ts";
import { connectorType } from "../../../src/southbound/registry.ts";
import { ForeignBroker } from "../../southbound/mqtt/foreign-broker.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { describeConnectorContract } from "./connector-contract.ts";
import { describeDeclaration } from "./declaration-contract.ts";

const type = connectorType(mqtt.type);
if (!type) throw new Error("mqtt is not registered");

describeDeclaration(type);
describeConnectorContract({
  type,
  unreachable: { url: "mqtt://127.0.0.1:1", timeout: 1000 },
  async start(context) {
    const broker = await ForeignBroker.start(requireForeign(context, "mosquitto"));
    const publish = async (topic: string, payload: string): Promise<void> => {
      const client = await broker.client();
      await client.publishAsync(topic, payload, { qos: 1, retain: true });
      await client.endAsync();
    };
    const begin = async (): Promise<void> => {
      await publish("plant/p1/state", JSON.stringify({ speed: 1 }));
      await publish("plant/p2/state", JSON.stringify({ speed: 2 }));
      await publish("plant/p3/state", "no JSON {");
      await (await broker.client()).endAsync();
    };
    await begin();
    let listener = await broker.client();
    let got = Promise.withResolvers<Value>();
    await listener.subscribeAsync("plant/p1/set", { qos: 1 });
    listener.on("message", (_topic, payload) => got.resolve(JSON.parse(payload.toString())));
    return {
      config: { url: broker.url, topics: ["plant/+/state"] },
      tags: ["plant/p1/state#speed", "plant/p2/state#speed"],
      set: (tag, value) => publish(tag.split("#")[0] ?? "", JSON.stringify({ speed: value })),
      badTag: "plant/p3/state#speed",
      malformedTag: "plant/+/state#speed",
      writable: {
        tag: "plant/p1/state#speed#command=plant%2Fp1%2Fset",
        value: 12.5,
        async got() {
          const value = await got.promise;
          got = Promise.withResolvers<Value>();
          return value;
        },
      },
      refused: { tag: "plant/p1/state#speed#command=nobody%2Flistens", value: 2, codes: ["device-refused"] },
      browsable: { pattern: "plant/+/state", atLeast: 3 },
      async kill() {
        await listener.endAsync(true);
        await broker.kill();
      },
      async restart() {
        await broker.restart();
        listener = await broker.client();
        await begin();
      },
    };
  },
});
