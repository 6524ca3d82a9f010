import { expect } from "chai";
import type { BoundOperation, OperationWork } from "../../src/core/bound-operation.ts";
import type { ArgumentValues } from "../../src/core/browse.ts";
import { HubError } from "../../src/core/errors.ts";
import { type Logger, silentLogger } from "../../src/core/logger.ts";
import type { Mutation } from "../../src/core/mutation.ts";
import { invokeOperation } from "../../src/twin/invoke.ts";
import { linkOf, partOf, planOf, scope, type TwinFixture, twinFixture, writable } from "./twin-fixture.ts";

function bound(name: string, work: OperationWork): BoundOperation {
  return {
    key: `default/pumps/P1/${name}`,
    name,
    asset: "P1",
    place: { file: "pumps.yaml", line: 30 },
    address: { collection: "submodel", document: "urn:sm:P1", part: name },
    arguments: [{ name: "Speed", direction: "inout", type: "double", list: false }],
    work,
  };
}

const same = (given: ArgumentValues): ArgumentValues => given;
const call = bound("Call", { kind: "call", source: "plant", method: "P1/run", inputs: same, outputs: same });
const raise = bound("Raise", {
  kind: "set",
  writes: [
    { link: "default/pumps/P1/setpoint", point: "setpoint", value: ({ Speed }) => Speed ?? null },
    { link: "default/pumps/P1/speed", point: "speed", value: ({ Speed }) => Number(Speed) + 5 },
  ],
});

async function refusal(work: Promise<unknown>): Promise<HubError> {
  return await work.then(
    () => expect.fail("it was not refused"),
    (thrown) => HubError.from(thrown),
  );
}

describe("twin: operations", () => {
  let fixture: TwinFixture;
  beforeEach(async () => {
    fixture = await twinFixture();
    const { links, documents, tenant } = planOf([linkOf("setpoint", writable), linkOf("speed", writable)]);
    const element = { ...partOf("Call", '{"modelType":"Operation","idShort":"Call"}'), kind: "Operation" };
    const grown = documents.map((one) =>
      one.collection === "submodel" ? { ...one, parts: [...one.parts, element] } : one,
    );
    await fixture.twin.apply({ tenant, links, documents: grown, operations: [call, raise] });
  });
  afterEach(() => fixture.close());

  const invoke = async (operation: BoundOperation, inputs: ArgumentValues): Promise<ArgumentValues> =>
    await fixture.twin.invoke(scope, "aas", operation, { inputs, timeout: 1_500 });

  it("are found by their element, as long as a plan binds them", async () => {
    const { twin } = fixture;
    expect(twin.operation("submodel", "urn:sm:P1", "Call")).to.equal(call);
    expect(twin.operation("submodel", "urn:sm:P1", "Other")).to.equal(undefined);
    await twin.apply({ ...twin.plan, operations: [raise] });
    expect(twin.operation("submodel", "urn:sm:P1", "Call")).to.equal(undefined);
  });

  it("call the device with the time that they have", async () => {
    expect(await invoke(call, { Speed: 4 })).to.deep.equal({ Speed: 4, method: "P1/run", timeout: 1_500 });
    fixture.device.refuse = new HubError("device-refused", "no", { deviceCode: "BadInvalidState" });
    expect(await refusal(invoke(call, {}))).to.include({ code: "device-refused", deviceCode: "BadInvalidState" });
  });

  it("write points in their order, and give back what goes in and out", async () => {
    expect(await invoke(raise, { Speed: 50 })).to.deep.equal({ Speed: 50 });
    expect(fixture.device.written).to.deep.equal([
      { tag: "P1/setpoint", value: 50 },
      { tag: "P1/speed", value: 55 },
    ]);
    expect(fixture.twin.leaf("submodel", "urn:sm:P1", "speed")?.signal).to.include({ value: 55 });
  });

  it("send nothing where one of the values is out of range", async () => {
    const error = await refusal(invoke(raise, { Speed: 108 }));
    expect(error.code).to.equal("invalid");
    expect(error.problems.map(({ message }) => message)).to.deep.equal([
      "setpoint was not tried",
      "speed was refused: speed cannot take 113: pumps.yaml:10 allows 110 and less",
    ]);
    expect(fixture.device.written).to.deep.equal([]);
  });

  it("that a client would drop or retype are refused, naming the mapping line", async () => {
    const at = { collection: "submodel", id: "urn:sm:P1" } as const;
    const mutations: readonly Mutation[] = [
      { kind: "part.delete", ...at, key: "Call" },
      { kind: "part.put", ...at, part: { ...partOf("Call"), kind: "Property" } },
    ];
    for (const mutation of mutations) {
      const [result] = await fixture.twin.commit(scope, "aas", [{ mutations: [mutation] }]);
      if (result?.ok !== false) throw new Error("it was not refused");
      expect(result.error.code).to.equal("conflict");
      expect(result.error.message).to.contain("pumps.yaml:30");
    }
    const other: Mutation = {
      kind: "part.put",
      ...at,
      part: { ...partOf("Call", '{"modelType":"Operation","idShort":"Call","category":"x"}'), kind: "Operation" },
    };
    expect((await fixture.twin.commit(scope, "aas", [{ mutations: [other] }]))[0]?.ok).to.equal(true);
  });
});

describe("twin: the log of operations", () => {
  it("says who invoked what, and what became of it", async () => {
    const lines: Record<string, unknown>[] = [];
    const log: Logger = { ...silentLogger, info: (message, fields) => lines.push({ message, ...fields }) };
    let refuse: HubError | undefined;
    const devices = {
      write: async () => undefined,
      read: async () => expect.fail("nothing is read"),
      async call() {
        if (refuse !== undefined) throw refuse;
        return {};
      },
    };
    const parts = {
      index: () => expect.fail("nothing is written"),
      write: async () => [],
      devices,
      clock: { now: () => 5 },
      log,
    };
    const asked = { ...scope, requestId: "r-1", actor: { name: "erp", rights: [] } };
    const invocation = { inputs: {}, timeout: 10 };
    await invokeOperation(parts, asked, "aas", call, invocation);
    refuse = new HubError("device-refused", "not now");
    await refusal(invokeOperation(parts, asked, "aas", call, invocation));
    const base = { message: "an operation was invoked", actor: "erp", tenant: "default", origin: "aas" };
    const line = { ...base, operation: "default/pumps/P1/Call", requestId: "r-1", ms: 0 };
    expect(lines).to.deep.equal([
      { ...line, outcome: "done" },
      { ...line, outcome: "device-refused", reason: "not now" },
    ]);
  });

  it("a result that does not fit is the device's mistake, not the client's", async () => {
    const broken = bound("Broken", {
      kind: "call",
      source: "plant",
      method: "m",
      inputs: same,
      outputs: () => {
        throw new HubError("invalid", "no number");
      },
    });
    const devices = { write: async () => undefined, read: async () => expect.fail(""), call: async () => ({}) };
    const parts = {
      index: () => expect.fail(""),
      write: async () => [],
      devices,
      clock: { now: () => 5 },
      log: silentLogger,
    };
    const error = await refusal(invokeOperation(parts, scope, "aas", broken, { inputs: {}, timeout: 10 }));
    expect(error.code).to.equal("device-refused");
  });
});
