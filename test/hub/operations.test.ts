import { expect } from "chai";
import { PlantServer } from "../southbound/opcua/plant-server.ts";
import { requireForeign } from "../support/foreign-server.ts";
import { type Answer, base64url, type HubFixture, hubFixture, type Json } from "./hub-fixture.ts";

const mapping = `
twinweave: 1
source: plant
twin:
  submodels:
    Recipes: { id: "urn:test:recipes" }
operations:
  start: { aas: Recipes.Start, call: Objects/Recipes/Start }
  setSpeed: { aas: Recipes.SetSpeed, call: Objects/Recipes/SetSpeed }
  statistics:
    aas: Recipes.Statistics
    call: Objects/Recipes/Statistics
    input: { Values: Samples, Count: Count, Label: Name }
  refuse: { aas: Recipes.Refuse, call: Objects/Recipes/Refuse }
  sleep: { aas: Recipes.Sleep, call: Objects/Recipes/Sleep }
  heat:
    aas: Recipes.Heat
    set: { first: arguments.Temperature, second: arguments.Temperature + 5 }
    inout: { Temperature: { type: double } }
points:
  first:
    { from: Objects/Line1/Press1/Process/Set, type: double, write: { min: 0, max: 100 }, aas: Recipes.First }
  second:
    from: Objects/Line1/Press2/Process/Set
    type: double
    write: { min: 0, max: 120, when: "points.first < 90.0" }
    aas: Recipes.Second
  locked: { from: Objects/Odd/Locked, type: double, write: true, aas: Recipes.Locked }
`;

const configuration = (endpoint: string): string => `
sources:
  plant: { type: opcua, endpoint: "${endpoint}", security: None, publishingInterval: 50 }
mappings: [recipes.yaml]
operations: { maxTimeout: 5s }
`;

const at = (operation: string): string =>
  `/api/v3.1/submodels/${base64url("urn:test:recipes")}/submodel-elements/${operation}`;

/** A foreign OPC UA server, a hub, and clients over HTTP. */
describe("operations: from the AAS API to methods of a foreign device", function () {
  this.timeout(20_000);
  let plant: PlantServer;
  let hub: HubFixture;

  before(async function () {
    plant = await PlantServer.start(requireForeign(this, "asyncua"));
    hub = await hubFixture({ "twinweave.yaml": configuration(plant.endpoint), "recipes.yaml": mapping });
    await hub.hub.settled;
  });
  after(async () => {
    await hub?.close();
    await plant?.kill();
  });

  const invoke = async (operation: string, body: unknown = {}): Promise<Answer> =>
    await hub.request("POST", `${at(operation)}/invoke/$value`, body);

  const messages = ({ body }: Answer): readonly Json[] => (body?.messages ?? []) as unknown as readonly Json[];

  it("shows what the device declares: names, types, lists, descriptions", async () => {
    const { body } = await hub.get(at("SetSpeed"));
    expect(body).to.deep.equal({
      modelType: "Operation",
      idShort: "SetSpeed",
      inputVariables: [
        {
          value: {
            modelType: "Property",
            idShort: "Speed",
            valueType: "xs:double",
            description: [{ language: "en", text: "Wanted speed in %" }],
          },
        },
      ],
      outputVariables: [{ value: { modelType: "Property", idShort: "PreviousSpeed", valueType: "xs:double" } }],
    });
    const statistics = (await hub.get(at("Statistics"))).body?.inputVariables;
    expect(JSON.stringify(statistics)).to.contain('"valueTypeListElement":"xs:double"').and.to.contain("Label");
  });

  it("calls methods with values and lists, both ways", async () => {
    expect((await invoke("Start")).body).to.deep.include({ executionState: "Completed", success: true });
    const first = await invoke("SetSpeed", { inputArguments: { Speed: 60 } });
    expect(first.body?.outputArguments).to.deep.equal({ PreviousSpeed: 50 });
    const second = await invoke("SetSpeed", { inputArguments: { Speed: 70.5 } });
    expect(second.body?.outputArguments).to.deep.equal({ PreviousSpeed: 60 });
    const answer = await invoke("Statistics", { inputArguments: { Values: [1, 2.5], Count: 7, Label: "run" } });
    expect(answer.body?.outputArguments).to.deep.equal({ Sum: 3.5, Doubled: [2, 5], Same: 7, Text: "run of 2" });
    const { calls } = (await plant.do({ do: "calls" })) as { calls: unknown[] };
    expect(calls.at(-1)).to.deep.equal(["Statistics", [1, 2.5], 7, "run"]);
  });

  it("tells what the device refuses, with its code, and which argument it was", async () => {
    const refused = await invoke("Refuse");
    expect(refused.status).to.equal(200);
    expect(refused.body).to.include({ executionState: "Failed", success: false });
    expect(messages(refused)[0]).to.include({ code: "BadInvalidState", messageType: "Error" });
    const range = await invoke("SetSpeed", { inputArguments: { Speed: 500 } });
    expect(messages(range).map(({ text }) => text)).to.have.lengthOf(2);
    expect(messages(range)[1]?.text).to.match(/^Speed: BadOutOfRange/);
  });

  it("ends after the client's time", async () => {
    const body = { inputArguments: { Seconds: 1 }, clientTimeoutDuration: "PT0.2S" };
    expect((await invoke("Sleep", body)).body).to.include({ executionState: "Timeout", success: false });
  });

  it("runs a slow one in the background", async () => {
    const body = { inputArguments: { Seconds: 0.4 }, clientTimeoutDuration: "PT30S" };
    const accepted = await hub.request("POST", `${at("Sleep")}/invoke-async/$value`, body);
    expect(accepted.status).to.equal(202);
    const status = new URL(accepted.headers.get("location") ?? "").pathname;
    expect((await hub.get(status)).body).to.include({ executionState: "Running" });
    // fetch follows the redirect to the result.
    const done = await hub.until(status, ({ body: now }) => String(now?.executionState) !== "Running");
    expect(done.body).to.deep.include({ executionState: "Completed", outputArguments: { Slept: 0.4 } });
  });

  it("writes points, each under its own guard, and stops at the first refusal", async () => {
    const heated = await invoke("Heat", { inoutputArguments: { Temperature: 40 } });
    expect(heated.body).to.deep.include({ executionState: "Completed", inoutputArguments: { Temperature: 40 } });
    expect((await plant.do({ do: "get", node: "Press1.Set" })).value).to.equal(40);
    expect((await plant.do({ do: "get", node: "Press2.Set" })).value).to.equal(45);
    expect((await hub.get(`${at("Second")}/$value`)).body).to.equal(45);
    const tooHot = await invoke("Heat", { inoutputArguments: { Temperature: 101 } });
    expect(tooHot.status).to.equal(400);
    expect((await plant.do({ do: "get", node: "Press1.Set" })).value).to.equal(40);
    // 95 is written to the first one; the guard of the second, looked at in its turn, says no by then.
    const half = await invoke("Heat", { inoutputArguments: { Temperature: 95 } });
    expect(half.status).to.equal(200);
    expect(half.body).to.include({ executionState: "Failed", success: false });
    const texts = messages(half).map(({ text }) => String(text));
    expect(texts.some((text) => text.includes("first was written"))).to.equal(true);
    expect((await plant.do({ do: "get", node: "Press2.Set" })).value).to.equal(45);
  });

  it("needs the right to write", async () => {
    const guarded = await hubFixture({
      "twinweave.yaml": `security: { apiKeys: [{ name: reader, key: 0123456789abcdef, rights: [read] }] }`,
    });
    try {
      const key = { "x-api-key": "0123456789abcdef" };
      expect((await guarded.request("POST", `${at("Start")}/invoke`, {}, key)).status).to.equal(403);
      expect((await guarded.request("POST", `${at("Start")}/invoke-async`, {}, key)).status).to.equal(403);
      expect((await guarded.request("POST", `${at("Start")}/invoke`, {})).status).to.equal(401);
    } finally {
      await guarded.close();
    }
  });

  it("after a restart what ran has failed, and says why; what had finished is there", async () => {
    const begin = async (operation: string, given: unknown): Promise<string> => {
      const { headers } = await hub.request("POST", `${at(operation)}/invoke-async`, given);
      return new URL(headers.get("location") ?? "").pathname;
    };
    const seconds = { value: { modelType: "Property", idShort: "Seconds", valueType: "xs:double", value: "3" } };
    const done = await begin("Start", { clientTimeoutDuration: "PT30S" });
    await hub.until(done, ({ body: now }) => String(now?.executionState) === "Completed");
    const running = await begin("Sleep", { inputArguments: [seconds], clientTimeoutDuration: "PT30S" });
    await hub.restart();
    await hub.hub.settled;
    expect((await hub.get(done)).body).to.include({ executionState: "Completed" });
    const lost = await hub.get(running);
    expect(lost.body).to.include({ executionState: "Failed", success: false });
    expect(String(messages(lost)[0]?.text)).to.contain("restarted");
  });

  it("the device away: told in the result, and the operation is still there", async () => {
    await plant.kill();
    const answer = await invoke("Start");
    expect(answer.status).to.equal(200);
    expect(answer.body).to.include({ executionState: "Failed", success: false });
    expect((await hub.get(at("SetSpeed"))).status).to.equal(200);
  });
});
