import { join } from "node:path";
import { expect } from "chai";
import {
  AttributeIds,
  type ClientSession,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
} from "node-opcua";
import type { ActiveFault } from "../../../src/demo/model/fault.ts";
import { startTestPlant, type TestPlant } from "../test-plant.ts";

const own = "http://twinweave.example/pump-station/";
const di = "http://opcfoundation.org/UA/DI/";
const machinery = "http://opcfoundation.org/UA/Machinery/";

/** A client that keeps its certificate in the suite's folder, and does not try again. */
function makeClient(folder: string): OPCUAClient {
  return OPCUAClient.create({
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    securityMode: MessageSecurityMode.None,
    securityPolicy: SecurityPolicy.None,
    clientCertificateManager: new OPCUACertificateManager({ rootFolder: join(folder, "client") }),
  });
}

/** A session, and the variables of one pump by their names, wherever the indexes of the namespaces are. */
async function openSession(endpoint: string, folder: string) {
  const client = makeClient(folder);
  await client.connect(endpoint);
  const session = await client.createSession();
  const uris = await session.readNamespaceArray();
  const [o, d, m] = [own, di, machinery].map((uri) => uris.indexOf(uri));
  return {
    client,
    session,
    async read(pump: string, name: string) {
      const group = name.startsWith("Wear") ? `${d}:Maintenance` : `${d}:Operational/${o}:Measurements`;
      const path = `/0:Objects/${m}:Machines/${o}:${pump}/${group}/${o}:${name}`;
      return readPath(session, name === "State" ? path.replace(`/${o}:Measurements`, "") : path);
    },
    async close() {
      await session.close();
      await client.disconnect();
    },
  };
}

async function readPath(session: ClientSession, path: string) {
  const { targets } = await session.translateBrowsePath({
    startingNode: "i=84",
    relativePath: {
      elements: path
        .split(/\/(?=\d+:)/)
        .slice(1)
        .map((step) => ({
          referenceTypeId: "i=33",
          includeSubtypes: true,
          targetName: { namespaceIndex: Number(step.split(":")[0]), name: step.split(":")[1] ?? "" },
        })),
    },
  } as Parameters<ClientSession["translateBrowsePath"]>[0]);
  const nodeId = targets?.[0]?.targetId;
  if (nodeId === undefined) throw new Error(`nothing at ${path}`);
  const { statusCode, value, sourceTimestamp } = await session.read({ nodeId, attributeId: AttributeIds.Value });
  return { status: statusCode.name, value: value.value as number, at: sourceTimestamp?.getTime() ?? 0 };
}

describe("demo/opcua, faults", () => {
  let running: TestPlant;
  let ua: Awaited<ReturnType<typeof openSession>>;
  const switchFault = (fault: ActiveFault, on: boolean) => running.plant.setFault(fault, on);

  /** Lets the plant go on, tick by tick, until the model is so; mocha's timeout is the deadline. */
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await running.plant.nextTick();
  }

  before(async () => {
    running = await startTestPlant({ speed: 200, tickMs: 20 });
    ua = await openSession(running.plant.endpoints.opcua, running.folder);
  });

  after(async () => {
    await ua?.close();
    await running?.close();
  });

  it("shows a failed sensor as BadSensorFailure, and what is derived from it as uncertain", async () => {
    await switchFault({ fault: "sensor-failure", pump: "Pump02" }, true);
    expect((await ua.read("Pump02", "VolumeFlow")).status).to.equal("BadSensorFailure");
    expect((await ua.read("Pump02", "DifferentialPressure")).status).to.equal("BadSensorFailure");
    expect((await ua.read("Pump02", "Head")).status).to.equal("UncertainSubNormal");
    expect((await ua.read("Pump02", "Speed")).status).to.equal("Good");
    expect((await ua.read("Pump01", "VolumeFlow")).status).to.equal("Good");
    await switchFault({ fault: "sensor-failure", pump: "Pump02" }, false);
    expect((await ua.read("Pump02", "VolumeFlow")).status).to.equal("Good");
  });

  it("shows a pump in Fault: the drive's last usable values, and the way back by a reset", async () => {
    await switchFault({ fault: "drive-trip", pump: "Pump03" }, true);
    await until(() => running.plant.read().pumps[2]?.state === "Fault");
    expect(await ua.read("Pump03", "State")).to.include({ status: "Good", value: 4 });
    expect((await ua.read("Pump03", "Speed")).status).to.equal("UncertainLastUsableValue");
    expect((await ua.read("Pump03", "PumpEfficiency")).status).to.equal("UncertainSubNormal");
    expect((await ua.read("Pump03", "BearingTemperature")).status).to.equal("Good");
  });

  it("loses the pumps behind the server: BadNoCommunication, and the values stand still", async () => {
    await switchFault({ fault: "opcua-no-device" }, true);
    const before = await ua.read("Pump01", "BearingTemperature");
    expect(before.status).to.equal("BadNoCommunication");
    const { time } = running.plant.read();
    await until(() => running.plant.read().time > time + 60);
    expect(await ua.read("Pump01", "BearingTemperature")).to.deep.equal(before);
    await switchFault({ fault: "opcua-no-device" }, false);
    expect((await ua.read("Pump01", "BearingTemperature")).status).to.equal("Good");
  });

  it("overheats until the pump trips", async () => {
    const pump = () => running.plant.read().pumps.find(({ state }) => state === "Running");
    await until(() => pump() !== undefined);
    const name = pump()?.spec.name ?? "";
    await switchFault({ fault: "overheating", pump: name }, true);
    const reading = () => running.plant.read().pumps.find(({ spec }) => spec.name === name);
    await until(() => reading()?.trip === "BearingOvertemperature");
    expect(reading()?.temperatures.bearingDriveEnd).to.be.above(80);
    await switchFault({ fault: "overheating", pump: name }, false);
  });

  it("wears fast with abrasive water, seen in the wear index", async () => {
    const running0 = () => running.plant.read().pumps.find(({ state }) => state === "Running");
    await until(() => running0() !== undefined);
    const name = running0()?.spec.name ?? "";
    const before = (await ua.read(name, "WearIndex")).value;
    await switchFault({ fault: "wear", pump: name }, true);
    const wear = () => running.plant.read().pumps.find(({ spec }) => spec.name === name)?.wear ?? 0;
    await until(() => 100 * wear() > before + 2);
    await switchFault({ fault: "wear", pump: name }, false);
    expect((await ua.read(name, "WearIndex")).value).to.be.above(before + 1);
  });

  it("closes the server and brings it back on its port, with its certificate", async () => {
    const endpoint = running.plant.endpoints.opcua;
    const thumbprint = async () => {
      const client = makeClient(running.folder);
      await client.connect(endpoint);
      const [first] = await client.getEndpoints();
      await client.disconnect();
      return first?.serverCertificate?.toString("hex");
    };
    const before = await thumbprint();
    await ua.close();
    await switchFault({ fault: "opcua-closed" }, true);
    const refused = await openSession(endpoint, running.folder).then(
      () => "connected",
      () => "refused",
    );
    expect(refused).to.equal("refused");
    await switchFault({ fault: "opcua-closed" }, false);
    expect(running.plant.endpoints.opcua).to.equal(endpoint);
    ua = await openSession(endpoint, running.folder);
    expect((await ua.read("Pump01", "BearingTemperature")).status).to.equal("Good");
    expect(await thumbprint()).to.equal(before);
  });
});
