import { expect } from "chai";
import type { BoundOperation } from "../../../src/core/bound-operation.ts";
import type { ArgumentValues } from "../../../src/core/browse.ts";
import { HubError } from "../../../src/core/errors.ts";
import { type AasRoom, type Answer, b64, type Loose, openAasRoom } from "./aas-room.ts";

const id = "urn:test:pump";
const submodel = `/submodels/${b64(id)}`;
const at = (path: string): string => `${submodel}/submodel-elements/${path}`;

const property = (idShort: string, valueType: string, value?: string) => ({
  value: { modelType: "Property", idShort, valueType, ...(value === undefined ? {} : { value }) },
});
const list = (idShort: string, ...values: string[]) => ({
  value: {
    modelType: "SubmodelElementList",
    idShort,
    typeValueListElement: "Property",
    valueTypeListElement: "xs:double",
    ...(values.length === 0
      ? {}
      : { value: values.map((value) => ({ modelType: "Property", valueType: "xs:double", value })) }),
  },
});

const pump = {
  modelType: "Submodel",
  id,
  idShort: "Pump",
  submodelElements: [
    {
      modelType: "Operation",
      idShort: "Mix",
      inputVariables: [property("Speed", "xs:double"), property("Count", "xs:long"), list("Samples")],
      inoutputVariables: [property("Counter", "xs:int")],
      outputVariables: [property("Previous", "xs:double"), list("Doubled")],
    },
    { modelType: "Operation", idShort: "Start" },
    { modelType: "Operation", idShort: "Loose" },
    { modelType: "Property", idShort: "State", valueType: "xs:string" },
  ],
};

const same = (given: ArgumentValues): ArgumentValues => given;

function bound(name: string, args: BoundOperation["arguments"]): BoundOperation {
  return {
    key: `default/pump/p1/${name}`,
    name,
    asset: "pump/p1",
    place: { file: "pump.yaml", line: 20 },
    address: { collection: "submodel", document: id, part: name },
    arguments: args,
    work: { kind: "call", source: "plc", method: name, inputs: same, outputs: same },
  };
}

const mixed = bound("Mix", [
  { name: "Speed", direction: "in", type: "double", list: false },
  { name: "Count", direction: "in", type: "long", list: false },
  { name: "Samples", direction: "in", type: "double", list: true },
  { name: "Counter", direction: "inout", type: "int", list: false },
  { name: "Previous", direction: "out", type: "double", list: false },
  { name: "Doubled", direction: "out", type: "double", list: true },
]);

const request = {
  inputArguments: [
    property("Count", "xs:long", "9007199254740993"),
    property("Speed", "xs:double", "55.5"),
    list("Samples", "1", "2.5"),
  ],
  inoutputArguments: [property("Counter", "xs:int", "7")],
};
const valueRequest = {
  inputArguments: { Speed: 55.5, Count: 3, Samples: [1, 2.5] },
  inoutputArguments: { Counter: 7 },
};

describe("invoking operations over the AAS API", () => {
  let room: AasRoom;
  let seen: ArgumentValues[];

  before(async () => {
    room = await openAasRoom();
    expect((await room.call("POST", "/submodels", pump)).status).to.equal(201);
    const shell = {
      modelType: "AssetAdministrationShell",
      id: "urn:test:aas",
      assetInformation: { assetKind: "Instance", globalAssetId: "urn:test:asset" },
      submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: id }] }],
    };
    expect((await room.call("POST", "/shells", shell)).status).to.equal(201);
    await room.twin.apply({ tenant: "default", links: [], documents: [], operations: [mixed, bound("Start", [])] });
  });
  after(async () => await room.close());

  beforeEach(() => {
    seen = [];
    room.methods.clear();
    room.methods.set("Mix", async (inputs) => {
      seen.push(inputs);
      return { Counter: 8, Previous: Number.NaN, Doubled: [2, 5] };
    });
    room.methods.set("Start", async () => ({}));
  });

  const post = async (path: string, body: unknown): Promise<Answer> => await room.call("POST", path, body);

  /** Texts of the messages of an answer. */
  const texts = ({ body }: Answer): readonly string[] =>
    ((body.messages ?? []) as unknown as readonly { text: string }[]).map(({ text }) => text);

  it("takes elements and gives elements", async () => {
    const answer = await post(at("Mix/invoke"), request);
    expect(answer.status, answer.text).to.equal(200);
    expect(seen).to.deep.equal([{ Speed: 55.5, Count: 9007199254740993n, Samples: [1, 2.5], Counter: 7 }]);
    expect(answer.body).to.deep.equal({
      executionState: "Completed",
      success: true,
      messages: [],
      inoutputArguments: [property("Counter", "xs:int", "8")],
      outputArguments: [property("Previous", "xs:double", "NaN"), list("Doubled", "2", "5")],
    });
  });

  it("takes values and gives values", async () => {
    const answer = await post(at("Mix/invoke/$value"), valueRequest);
    expect(answer.status, answer.text).to.equal(200);
    expect(seen).to.deep.equal([{ Speed: 55.5, Count: 3, Samples: [1, 2.5], Counter: 7 }]);
    expect(answer.body.outputArguments).to.deep.equal({ Previous: "NaN", Doubled: [2, 5] });
    expect(answer.body.inoutputArguments).to.deep.equal({ Counter: 8 });
    const empty = { ...valueRequest, inputArguments: { ...valueRequest.inputArguments, Samples: [] } };
    expect((await post(at("Mix/invoke/$value"), empty)).status).to.equal(200);
    expect(seen.at(-1)?.Samples).to.deep.equal([]);
  });

  it("works without any argument, and under a shell", async () => {
    expect((await post(at("Start/invoke"), {})).body).to.include({ executionState: "Completed", success: true });
    const below = `/shells/${b64("urn:test:aas")}${at("Start/invoke/$value")}`;
    expect((await post(below, {})).body).to.include({ executionState: "Completed" });
    expect((await post(`${room.base30}${at("Start/invoke")}`, {})).body).to.include({ executionState: "Completed" });
    for (const root of [`/aas${at("Start/invoke")}`, "/submodel/submodel-elements/Start/invoke"]) {
      expect((await post(root, {})).status, root).to.equal(200);
    }
  });

  it("tells everything that is wrong with the arguments at once, and asks no device", async () => {
    const body = {
      inputArguments: [
        property("Speed", "xs:int", "5"),
        property("Spede", "xs:double", "1"),
        property("Count", "xs:long", "1.5"),
        property("Count", "xs:long", "1"),
        property("Counter", "xs:int", "1"),
        { wrong: true },
      ],
      inoutputArguments: [property("Counter", "xs:int")],
      clientTimeoutDuration: "soon",
      requestId: "1",
    };
    const answer = await post(at("Mix/invoke"), body);
    expect(answer.status).to.equal(400);
    expect(texts(answer).slice(1)).to.deep.equal([
      '/requestId: an operation request has no member "requestId"; expected one of inputArguments, inoutputArguments, clientTimeoutDuration',
      '/inputArguments/0/value/valueType: "xs:int" for an argument of xs:double; expected xs:double',
      '/inputArguments/1/value/idShort: there is no argument "Spede"; expected "Speed"? (one of Speed, Count, Samples)',
      '/inputArguments/2/value/value: "1.5" is no xs:long; expected an integer from -9223372036854775808 to 9223372036854775807 [Property/value]',
      "/inputArguments/3/value/idShort: Count is given twice; expected each argument once",
      '/inputArguments/4/value/idShort: there is no argument "Counter"; expected "Count"? (one of Speed, Count, Samples)',
      '/inputArguments/5: an object is no operation variable; expected {"value": an element}',
      '/inputArguments: the argument "Samples" is missing; expected "Samples"',
      "/inoutputArguments/0/value: the argument Counter has no value; expected a value of xs:int",
      '/clientTimeoutDuration: "soon" is no xs:duration; expected a duration such as PT30S',
    ]);
    const values = { inputArguments: { Speed: "fast", Count: 1.5, Samples: 3, Other: 1 }, inoutputArguments: [] };
    expect(texts(await post(at("Mix/invoke/$value"), values)).slice(1)).to.deep.equal([
      '/inputArguments/Speed: "fast" is no value of xs:double; expected a JSON number: a number such as 12.5 or 1.25E1, INF, -INF or NaN',
      '/inputArguments/Count: "1.5" is no xs:long; expected an integer from -9223372036854775808 to 9223372036854775807',
      "/inputArguments/Samples: 3 is no array; expected a JSON array",
      '/inputArguments/Other: there is no argument "Other"; expected one of Speed, Count, Samples',
      "/inoutputArguments: an array is no object of values; expected a JSON object with values by idShort",
    ]);
    expect(seen).to.deep.equal([]);
  });

  it("says what cannot be invoked", async () => {
    const state = await post(at("State/invoke"), {});
    expect([state.status, state.headers.get("allow")]).to.deep.equal([405, ""]);
    expect((await post(at("Absent/invoke"), {})).status).to.equal(404);
    expect((await post(at("Start/invoke"), [])).status).to.equal(400);
    const loose = await post(at("Loose/invoke"), {});
    expect(loose.status).to.equal(501);
    expect(loose.text).to.contain("no mapping binds the Operation Loose").and.to.contain("operations:");
  });

  it("passes on what the device says, with its own code", async () => {
    room.methods.set("Start", async () => {
      throw new HubError("device-refused", "Start: BadInvalidState (not now)", { deviceCode: "BadInvalidState" });
    });
    const { status, body } = await post(at("Start/invoke"), {});
    expect(status).to.equal(200);
    expect(body).to.include({ executionState: "Failed", success: false });
    expect(body).to.not.have.property("outputArguments");
    const [message] = body.messages as unknown as readonly Loose[];
    expect(message).to.include({
      messageType: "Error",
      code: "BadInvalidState",
      text: "Start: BadInvalidState (not now)",
    });
    room.methods.set("Start", async () => Promise.reject(new HubError("conflict", "a guard of a point says no")));
    expect((await post(at("Start/invoke"), {})).status).to.equal(409);
  });

  it("gives the device the time that the client says, within the hub's bound", async () => {
    const times: number[] = [];
    room.methods.set("Start", async (_inputs, timeout) => {
      times.push(timeout);
      throw new HubError("device-timeout", "too late");
    });
    for (const clientTimeoutDuration of ["PT2.5S", "P3Y", undefined]) {
      const { status, body } = await post(at("Start/invoke"), { clientTimeoutDuration });
      expect([status, body.executionState]).to.deep.equal([200, "Timeout"]);
    }
    expect(times).to.deep.equal([2_500, 600_000, 10_000]);
    expect((await post(at("Start/invoke"), { clientTimeoutDuration: "-PT5S" })).status).to.equal(400);
  });

  it("tells the device's side when the client leaves", async () => {
    const left = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    room.methods.set("Start", async (_inputs, _timeout, abort) => {
      abort.addEventListener("abort", () => left.resolve());
      begun.resolve();
      return await new Promise(() => undefined);
    });
    const leaving = new AbortController();
    const headers = { "content-type": "application/json" };
    const calling = fetch(`${room.base}${at("Start/invoke")}`, {
      method: "POST",
      body: "{}",
      headers,
      signal: leaving.signal,
    });
    await begun.promise;
    leaving.abort();
    await calling.catch(() => undefined);
    await left.promise;
  });

  describe("asynchronously", () => {
    const get = async (url: string): Promise<Answer> => {
      const response = await fetch(url, { redirect: "manual" });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: text === "" ? {} : JSON.parse(text) };
    };

    /** Asks for the status until it points to the result. */
    async function resultOf(status: string): Promise<string> {
      for (;;) {
        const { status: code, headers } = await get(status);
        if (code === 302) return headers.get("location") ?? "";
        expect(code).to.equal(200);
        await new Promise(setImmediate);
      }
    }

    for (const content of ["", "/$value"]) {
      it(`goes from accepted over running to the result${content}`, async () => {
        const { promise, resolve } = Promise.withResolvers<ArgumentValues>();
        room.methods.set("Mix", () => promise);
        const body = { ...(content === "" ? request : valueRequest), clientTimeoutDuration: "PT30S" };
        const accepted = await post(at(`Mix/invoke-async${content}`), body);
        expect([accepted.status, accepted.text]).to.deep.equal([202, ""]);
        const status = accepted.headers.get("location") ?? "";
        expect(status).to.match(new RegExp(`^${room.base}${at("Mix")}/operation-status/[\\w-]+$`));
        expect(await get(status)).to.deep.include({ status: 200, body: { executionState: "Running", messages: [] } });
        const results = status.replace("operation-status", "operation-results");
        expect((await get(results)).body).to.include({ executionState: "Running" });
        resolve({ Counter: 8, Previous: 1.5, Doubled: [2] });
        const location = await resultOf(status);
        expect(location).to.equal(`${results}${content}`);
        const { body: result } = await get(location);
        expect(result).to.include({ executionState: "Completed", success: true });
        const normal = { inoutputArguments: [property("Counter", "xs:int", "8")] };
        expect(result).to.deep.include(content === "" ? normal : { inoutputArguments: { Counter: 8 } });
        expect((await get(results)).body).to.deep.include(normal);
        expect((await get(`${results}/$value`)).body.outputArguments).to.deep.equal({ Previous: 1.5, Doubled: [2] });
      });
    }

    it("keeps a failure as the result", async () => {
      room.methods.set("Start", async () => {
        throw new HubError("conflict", "the guard says no", {
          problems: [{ place: "setpoint", message: "pump in Fault" }],
        });
      });
      const accepted = await post(at("Start/invoke-async"), { clientTimeoutDuration: "PT5S" });
      const { status, body } = await get(await resultOf(accepted.headers.get("location") ?? ""));
      expect(status).to.equal(200);
      expect(body).to.include({ executionState: "Failed", success: false });
      expect(texts({ body } as Answer)).to.deep.equal(["the guard says no", "pump in Fault"]);
    });

    it("wants a duration, knows no handle of another operation, and takes a bare one", async () => {
      expect((await post(at("Start/invoke-async"), {})).status).to.equal(400);
      const accepted = await post(at("Start/invoke-async"), { clientTimeoutDuration: "PT5S" });
      const status = accepted.headers.get("location") ?? "";
      await resultOf(status);
      expect((await get(status.replace("/Start/", "/Mix/"))).status).to.equal(404);
      const encoded = status.slice(status.lastIndexOf("/") + 1);
      const bare = Buffer.from(encoded, "base64url").toString();
      expect((await get(status.replace(encoded, bare))).status).to.equal(302);
      expect((await get(status.replace(encoded, b64("no such handle")))).status).to.equal(404);
      expect((await get(status.replace(encoded, "%"))).status).to.equal(400);
    });

    it("is found under IDTA's own spelling too", async () => {
      const accepted = await post(`/aas${at("Start/invoke-asnyc")}`, { clientTimeoutDuration: "PT5S" });
      expect(accepted.status).to.equal(202);
      expect(await resultOf(accepted.headers.get("location") ?? "")).to.contain("/aas/submodels/");
    });
  });
});
