import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { unitIdOf } from "../../../src/demo/opcua/engineering-unit.ts";
import { demoUser } from "../../../src/demo/opcua/opcua-face.ts";
import { pumpVariables } from "../../../src/demo/opcua/pump-variable.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { startTestPlant, type TestPlant } from "../test-plant.ts";

/** What `asyncua-probe.py` prints. */
interface Seen {
  readonly machines: readonly string[];
  readonly pumpType: string;
  readonly superType: string;
  readonly pump: Readonly<Record<string, SeenVariable>>;
  readonly station: Readonly<Record<string, SeenVariable>>;
  readonly states: readonly string[];
  readonly writes: Readonly<Record<string, string>>;
  readonly setpoint: number;
  readonly subscribed: readonly number[];
  readonly methods: Readonly<Record<string, string>>;
  readonly previousSpeed: number;
  readonly secured: Readonly<Record<string, string>>;
}

interface SeenVariable {
  readonly type: string;
  readonly dataType: string;
  readonly value: unknown;
  readonly status: string;
  readonly unit?: { readonly id: number; readonly symbol: string; readonly namespace: string };
  readonly range?: readonly [number, number];
}

const groupPaths = {
  Operational: "Operational",
  Measurements: "Operational/Measurements",
  Control: "Operational/Control",
  Maintenance: "Maintenance",
} as const;

describe("demo/opcua, seen by a foreign client (asyncua)", () => {
  let running: TestPlant;
  let seen: Seen;

  before(async function () {
    this.timeout(20_000);
    const python = requireForeign(this, "asyncua");
    running = await startTestPlant();
    const probe = fileURLToPath(new URL("asyncua-probe.py", import.meta.url));
    const args = [probe, running.plant.endpoints.opcua, demoUser.name, demoUser.password, running.folder];
    const { stdout } = await promisify(execFile)(python, args, { timeout: 15_000 });
    seen = JSON.parse(stdout) as Seen;
  });

  after(() => running?.close());

  it("finds every pump in the Machines folder of OPC 40001-1, with a type of its own", () => {
    expect(seen.machines).to.deep.equal(["Pump01", "Pump02", "Pump03", "Pump04"]);
    expect(seen.pumpType).to.equal("PumpType");
    expect(seen.superType).to.equal("ComponentType");
  });

  it("reads the identification", () => {
    const spec = running.plant.read().pumps[0]?.spec;
    expect(seen.pump["Identification/Manufacturer"]).to.include({ type: "LocalizedText", value: spec?.manufacturer });
    expect(seen.pump["Identification/SerialNumber"]).to.include({ type: "String", value: spec?.serialNumber });
    expect(seen.pump["Identification/Model"]).to.include({ value: spec?.model });
    expect(seen.pump["Identification/YearOfConstruction"]).to.include({ type: "UInt16", value: 2019 });
    expect(seen.pump.SerialNumber).to.include({ value: spec?.serialNumber });
  });

  it("reads every variable with its type, unit and range, inside the range", () => {
    for (const variable of pumpVariables) {
      const found = seen.pump[`${groupPaths[variable.group]}/${variable.name}`];
      expect(found, variable.name).to.include({ status: "Good" });
      expect(found?.unit?.id, variable.name).to.equal(variable.unit && unitIdOf(variable.unit.code));
      expect(found?.range, variable.name).to.deep.equal(variable.range && [...variable.range]);
      if (variable.range !== undefined) expect(found?.value).to.be.within(...variable.range);
      if (!(variable.type in { PumpState: 1, PumpMode: 1, TripCause: 1 })) {
        expect(found?.type, variable.name).to.equal(variable.type);
      }
    }
    expect(seen.pump["Operational/Measurements/BearingTemperature"]?.unit).to.deep.equal({
      id: 4408652,
      symbol: "°C",
      namespace: "http://www.opcfoundation.org/UA/units/un/cefact",
    });
    expect(Object.keys(seen.station)).to.include.members(["ReservoirLevel", "DemandFlow", "TotalFlow", "HeaderHead"]);
  });

  it("knows the state as an enumeration", () => {
    expect(seen.pump["Operational/State"]).to.include({ type: "Int32", dataType: "PumpStateEnumeration" });
    expect(seen.states).to.deep.equal(["Idle", "Starting", "Running", "Stopping", "Fault"]);
  });

  it("writes the setpoint in its range, tells subscribers, and is refused everything else", () => {
    expect(seen.writes).to.deep.equal({
      "90": "Good",
      "110.5": "BadOutOfRange",
      "-1": "BadOutOfRange",
      nan: "BadOutOfRange",
      text: "BadTypeMismatch",
      speed: "BadNotWritable",
    });
    expect(seen.setpoint).to.equal(90);
    expect(seen.subscribed).to.deep.equal([100, 90]);
    expect(running.plant.read().pumps[0]?.speedSetpoint).to.equal(90);
  });

  it("calls the methods; one that makes no sense now is BadInvalidState", () => {
    expect(seen.methods).to.deep.equal({
      Start: "Good",
      ResetFault: "BadInvalidState",
      Stop: "Good",
      ReturnToAutomatic: "Good",
      "SetSpeed out of range": "BadInvalidArgument",
    });
    expect(seen.previousSpeed).to.equal(90);
  });

  it("connects with signature and encryption as a user, and not with a wrong password", () => {
    expect(seen.secured.Basic256Sha256).to.equal("Good");
    expect(seen.secured.Aes256_Sha256_RsaPss).to.equal("Good");
    expect(seen.secured["wrong password"]).to.match(/^Bad(UserAccessDenied|IdentityTokenRejected)$/);
  });
});

describe("demo/opcua/engineering-unit", () => {
  it("makes the unitId of the code's letters", () => {
    expect(unitIdOf("CEL")).to.equal(4_408_652);
    expect(unitIdOf("P1")).to.equal(20_529);
  });
});
