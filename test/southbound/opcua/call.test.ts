import { expect } from "chai";
import type { Connection } from "../../../src/southbound/contract.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { Bench, never, refusal } from "./harness.ts";
import { PlantServer } from "./plant-server.ts";

const at = (name: string): string => `Objects/Recipes/${name}`;

describe("opcua methods, on asyncua", function () {
  this.timeout(20_000);
  const bench = new Bench();
  let plant: PlantServer;
  let connection: Connection;

  before(async function () {
    plant = await PlantServer.start(requireForeign(this, "asyncua"));
    ({ connection } = await bench.connect({ endpoint: plant.endpoint, security: "None" }));
  });
  after(async () => {
    await bench.clear();
    await plant?.kill();
  });

  async function call(name: string, inputs: Parameters<NonNullable<Connection["call"]>>[1], timeout = 5_000) {
    if (connection.call === undefined) throw new Error("no call");
    return await connection.call(at(name), inputs, timeout, never);
  }

  it("tell their arguments with types; what is no method is left out", async () => {
    const tags = [at("Statistics"), at("Start"), "Objects/Odd/Word", at("Absent")];
    const facts = await connection.methods?.(tags, never);
    expect([...(facts?.keys() ?? [])]).to.deep.equal([at("Statistics"), at("Start")]);
    expect(facts?.get(at("Start"))).to.deep.equal({ inputs: [], outputs: [] });
    expect(facts?.get(at("Statistics"))).to.deep.equal({
      inputs: [
        { name: "Samples", list: true, valueType: "double" },
        { name: "Count", list: false, valueType: "long" },
        { name: "Name", list: false, valueType: "string" },
      ],
      outputs: [
        { name: "Sum", list: false, valueType: "double" },
        { name: "Doubled", list: true, valueType: "double" },
        { name: "Same", list: false, valueType: "long" },
        { name: "Text", list: false, valueType: "string" },
      ],
    });
    const speed = await connection.methods?.([at("SetSpeed")], never);
    expect(speed?.get(at("SetSpeed"))?.inputs[0]?.description).to.equal("Wanted speed in %");
  });

  it("take arguments by name, in the types and arrays of the method, and give theirs back", async () => {
    expect(await call("Start", {})).to.deep.equal({});
    const inputs = { Name: "run", Count: 2n ** 60n, Samples: [1, 2.5] };
    expect(await call("Statistics", inputs)).to.deep.equal({
      Sum: 3.5,
      Doubled: [2, 5],
      Same: 2n ** 60n,
      Text: "run of 2",
    });
    expect(await call("Statistics", { Name: "none", Count: -1, Samples: [] })).to.deep.include({ Sum: 0, Same: -1 });
  });

  it("are found by node id and from a node too", async () => {
    const byId = "nsu=http://acme.example/press;s=Recipes.SetSpeed";
    const fromNode = "nsu=http://acme.example/press;s=Recipes#/SetSpeed";
    for (const [tag, speed] of [
      [byId, 60],
      [fromNode, 70],
    ] as const) {
      const given = await connection.call?.(tag, { Speed: speed }, 5_000, never);
      expect(given?.PreviousSpeed).to.equal(speed - 10);
    }
  });

  it("tell everything that is wrong with the arguments before anything is sent", async () => {
    const before = await plant.do({ do: "calls" });
    const error = await refusal(call("Statistics", { Samples: 1, Count: 1.5, Nane: "x" }));
    expect(error.code).to.equal("invalid");
    expect(error.problems.map(({ place }) => place)).to.deep.equal(["Nane", "Samples", "Count", "Name"]);
    expect(error.problems[0]?.expected).to.equal("Name");
    expect(await plant.do({ do: "calls" })).to.deep.equal(before);
  });

  it("that the device refuses say so with its own code, and which argument it was", async () => {
    const refused = await refusal(call("Refuse", {}));
    expect(refused).to.include({ code: "device-refused", deviceCode: "BadInvalidState" });
    // Not the client of the hub is unauthorized: the hub is, at the device.
    expect(await refusal(call("Forbid", {}))).to.include({
      code: "device-refused",
      deviceCode: "BadUserAccessDenied",
    });
    const range = await refusal(call("SetSpeed", { Speed: 200 }));
    expect(range).to.include({ code: "device-refused", deviceCode: "BadInvalidArgument" });
    expect(range.problems).to.have.lengthOf(1);
    expect(range.problems[0]?.message).to.match(/^Speed: BadOutOfRange/);
    expect((await refusal(call("Absent", {}))).code).to.equal("not-found");
  });

  it("that take too long end in device-timeout, and an abort is heard", async () => {
    expect((await refusal(call("Sleep", { Seconds: 0.6 }, 200))).code).to.equal("device-timeout");
    const leaving = new AbortController();
    const calling = connection.call?.(at("Sleep"), { Seconds: 0.6 }, 5_000, leaving.signal);
    leaving.abort();
    expect((await refusal(calling ?? Promise.resolve())).code).to.equal("aborted");
    expect(await call("Start", {})).to.deep.equal({});
  });
});
