import { expect } from "chai";
import { DataType, OPCUAServer, StatusCodes, VariantArrayType } from "node-opcua";
import { Bench, never, refusal } from "./harness.ts";

const NAMESPACE = "urn:test:own";
const OTHER = "urn:test:other";

/** What asyncua lacks: tight operation limits, matrices, doubled names, methods. */
describe("opcua on node-opcua", function () {
  this.timeout(30_000);
  const bench = new Bench();
  const folders = new Bench();
  let server: OPCUAServer;
  let endpoint: string;

  before(async () => {
    const { OPCUACertificateManager } = await import("node-opcua");
    const rootFolder = await folders.folder();
    const serverCertificateManager = new OPCUACertificateManager({ rootFolder, disableFileWatchers: true });
    server = new OPCUAServer({
      port: 0,
      serverCertificateManager,
      serverCapabilities: {
        maxMonitoredItemsPerSubscription: 120,
        operationLimits: {
          maxNodesPerRead: 10,
          maxNodesPerBrowse: 7,
          maxMonitoredItemsPerCall: 9,
          maxNodesPerTranslateBrowsePathsToNodeIds: 5,
        },
      },
    });
    await server.initialize();
    build(server);
    await server.start();
    endpoint = `opc.tcp://127.0.0.1:${server.endpoints[0]?.port}`;
  });

  afterEach(() => bench.clear());
  after(() => folders.clear());

  const connect = (extra = {}) => bench.connect({ endpoint, security: "None", ...extra });
  const points = Array.from({ length: 100 }, (_, number) => `Objects/Box/p${number}`);

  it("keeps to the server's limits, whatever it asks for", async () => {
    const { connection, sink } = await connect();
    const tags = points.map((tag) => ({ tag }));
    expect(await connection.subscribe(tags, never)).to.deep.equal([]);
    await sink.until(() => points.every((tag) => sink.latest(tag) !== undefined));
    expect((await connection.read(points, never)).map(({ value }) => value)).to.deep.equal(points.map((_, i) => i));
    expect(
      [...(await connection.facts(points, never)).values()].every(({ valueType }) => valueType === "int"),
    ).to.equal(true);
    expect(await connection.browse("Objects/Box/p*", 1_000, never)).to.have.length(100);
    await connection.unsubscribe(points);
  });

  it("reports the points that the server has no room for, and serves the others", async () => {
    const { connection, sink } = await connect();
    const more = Array.from(
      { length: 130 },
      (_, number) => `nsu=${NAMESPACE};s=p${number % 100}${number < 100 ? "" : "#/Twin"}`,
    );
    const problems = await connection.subscribe(
      points.concat(more.slice(0, 60)).map((tag) => ({ tag })),
      never,
    );
    expect(problems).to.have.length(160 - 119);
    expect(new Set(problems.map(({ error }) => error.code))).to.deep.equal(new Set(["overloaded"]));
    await sink.until(() => points.every((tag) => sink.latest(tag) !== undefined));
  });

  it("takes matrices and enumerations, and knows what they are made of", async () => {
    const { connection } = await connect();
    const [matrix, mode] = await connection.read(["Objects/Box/Matrix", "Objects/Box/Mode"], never);
    expect(matrix?.value).to.deep.equal([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(mode?.value).to.equal(1);
    const facts = await connection.facts(["Objects/Box/Mode", "Objects/Box/Empty"], never);
    expect(facts.get("Objects/Box/Mode")?.valueType).to.equal("int");
    expect(facts.get("Objects/Box/Empty")?.valueType, "no value yet: as its type derives").to.equal("double");
  });

  it("does not guess between two children of one name", async () => {
    const { connection } = await connect();
    const [problem] = await connection.subscribe([{ tag: "Objects/Box/Twin" }], never);
    expect(problem?.error.code).to.equal("invalid");
    expect(problem?.error.message).to.contain(`nsu=${NAMESPACE};Twin`).and.to.contain(`nsu=${OTHER};Twin`);
    const tags = [`Objects/Box/nsu=${NAMESPACE};Twin`, `Objects/Box/nsu=${OTHER};Twin`];
    expect((await connection.read(tags, never)).map(({ value }) => value)).to.deep.equal([1, 2]);
    const found = await connection.browse("Objects/Box/Tw*", 10, never);
    expect(found.map(({ address }) => address)).to.deep.equal(tags);
  });

  it("finds methods, and leaves types and events aside", async () => {
    const { connection } = await connect();
    const found = await connection.browse("Objects/Box/Reset", 10, never);
    expect(found.map(({ kind }) => kind)).to.deep.equal(["method"]);
  });

  it("dials what was configured, whatever the server calls itself", async () => {
    expect(server.getEndpointUrl()).not.to.contain("127.0.0.1");
    const { connection } = await connect();
    expect((await connection.read(points.slice(0, 1), never))[0]?.quality).to.equal("good");
  });

  it("ends with a reason when the server shuts down", async () => {
    const { connection } = await connect();
    await server.shutdown();
    expect((await connection.lost)?.code).to.equal("unreachable");
    expect((await refusal(connection.read(points.slice(0, 1), never))).code).to.equal("unreachable");
  });
});

function build(server: OPCUAServer): void {
  const space = server.engine.addressSpace;
  if (!space) throw new Error("the server has no address space");
  const own = space.registerNamespace(NAMESPACE);
  const other = space.registerNamespace(OTHER);
  const box = own.addObject({ browseName: "Box", nodeId: "s=Box", organizedBy: space.rootFolder.objects });
  for (let number = 0; number < 100; number += 1) {
    const value = { dataType: DataType.Int32, value: number };
    own.addVariable({ componentOf: box, browseName: `p${number}`, nodeId: `s=p${number}`, dataType: "Int32", value });
  }
  own.addVariable({
    componentOf: box,
    browseName: "Matrix",
    dataType: "Double",
    valueRank: 2,
    arrayDimensions: [3, 2],
    value: {
      dataType: DataType.Double,
      arrayType: VariantArrayType.Matrix,
      dimensions: [3, 2],
      value: [1, 2, 3, 4, 5, 6],
    },
  });
  const modes = own.addEnumerationType({ browseName: "Modes", enumeration: ["Auto", "Manual"] });
  own.addVariable({
    componentOf: box,
    browseName: "Mode",
    dataType: modes.nodeId,
    value: { dataType: DataType.Int32, value: 1 },
  });
  const empty = own.addVariable({ componentOf: box, browseName: "Empty", dataType: "Duration" });
  empty.setValueFromSource({ dataType: DataType.Null }, StatusCodes.BadWaitingForInitialData);
  for (const [index, namespace] of [own, other].entries()) {
    const value = { dataType: DataType.Int32, value: index + 1 };
    namespace.addVariable({ componentOf: box, browseName: "Twin", nodeId: "s=Twin", dataType: "Int32", value });
  }
  own
    .addMethod(box, { browseName: "Reset" })
    .bindMethod(async (_inputs: unknown, _context: unknown) => ({ statusCode: StatusCodes.Good }));
}
