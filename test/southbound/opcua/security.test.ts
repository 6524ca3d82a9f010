import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { OPCUACertificateManager } from "node-opcua-certificate-manager";
import { requireForeign } from "../../support/foreign-server.ts";
import { Bench, Collector, never, refusal } from "./harness.ts";
import { PlantServer } from "./plant-server.ts";

const TEMP = "Objects/Line1/Press1/Process/Temp";
const ALL = "NoSecurity,Basic256Sha256_Sign,Basic256Sha256_SignAndEncrypt,Aes256Sha256RsaPss_SignAndEncrypt";

async function certificate(folder: string): Promise<{ certificate: string; key: string }> {
  const manager = new OPCUACertificateManager({ rootFolder: folder, disableFileWatchers: true });
  await manager.initialize();
  const outputFile = join(folder, "own/certs/server.pem");
  await manager.createSelfSignedCertificate({
    applicationUri: "urn:acme.example:plant",
    subject: "/CN=plant",
    dns: [hostname(), "localhost"],
    startDate: new Date(Date.now() - 60_000),
    validity: 10,
    outputFile,
  });
  await manager.dispose();
  return { certificate: outputFile, key: join(folder, "own/private/private_key.pem") };
}

describe("opcua: security", function () {
  this.timeout(20_000);
  const bench = new Bench();
  const folders = new Bench();
  let open: PlantServer;
  let guarded: PlantServer;
  let python: string;

  before(async function () {
    python = requireForeign(this, "asyncua");
    const own = await certificate(await folders.folder());
    const user = { user: "op", password: "let me in" };
    [open, guarded] = await Promise.all([
      PlantServer.start(python, { ...own, security: ALL }),
      PlantServer.start(python, { ...own, ...user, security: ALL }),
    ]);
  });

  afterEach(() => bench.clear());
  after(async () => {
    await Promise.all([open?.kill(), guarded?.kill()]);
    await folders.clear();
  });

  it("trusts no certificate by itself: the inbox shows it, and an explicit step opens the way", async () => {
    const connector = await bench.connector({ endpoint: open.endpoint });
    const error = await refusal(connector.connect(new Collector(), never));
    expect(error.code).to.equal("untrusted");
    const [offered, ...others] = (await connector.trust?.list()) ?? [];
    expect(others).to.deep.equal([]);
    expect(offered).to.include({ state: "rejected", subject: "CN=plant" });
    expect(error.message).to.contain(offered?.thumbprint);

    await connector.trust?.trust(offered?.thumbprint ?? "");
    expect((await connector.trust?.list())?.map(({ state }) => state)).to.deep.equal(["trusted"]);
    const sink = new Collector();
    const connection = bench.keep(await connector.connect(sink, never));
    await connection.subscribe([{ tag: TEMP }], never);
    await sink.until(() => sink.latest(TEMP)?.value === 21.5);
    await connection.close();

    await connector.trust?.reject(offered?.thumbprint ?? "");
    expect((await refusal(connector.connect(new Collector(), never))).code).to.equal("untrusted");
  });

  it("does not know the server again once it shows another certificate", async () => {
    const folder = await bench.folder();
    const first = await bench.connector({ endpoint: open.endpoint }, folder);
    await refusal(first.connect(new Collector(), never));
    await first.trust?.trust((await first.trust.list())[0]?.thumbprint ?? "");
    const impostor = await PlantServer.start(python, { ...(await certificate(await bench.folder())), security: ALL });
    const second = await bench.connector({ endpoint: impostor.endpoint }, folder);
    expect((await refusal(second.connect(new Collector(), never))).code).to.equal("untrusted");
    expect((await second.trust?.list())?.map(({ state }) => state)).to.deep.equal(["rejected", "trusted"]);
    await impostor.kill();
  });

  it("knows no certificate that was never shown", async () => {
    const connector = await bench.connector({ endpoint: open.endpoint });
    expect((await refusal(connector.trust?.trust("00".repeat(20)) ?? Promise.resolve())).code).to.equal("not-found");
  });

  for (const [security, mode] of [
    ["Basic256Sha256", "Sign"],
    ["Basic256Sha256", "SignAndEncrypt"],
    ["Aes256_Sha256_RsaPss", "SignAndEncrypt"],
  ] as const) {
    it(`speaks ${security}, ${mode}, with user and password`, async () => {
      const config = { endpoint: guarded.endpoint, security, mode, user: "op", password: "let me in" };
      const connector = await bench.connector(config);
      await refusal(connector.connect(new Collector(), never));
      const [offered] = (await connector.trust?.list()) ?? [];
      await connector.trust?.trust(offered?.thumbprint ?? "");
      const connection = bench.keep(await connector.connect(new Collector(), never));
      expect((await connection.read([TEMP], never))[0]).to.include({ value: 21.5, quality: "good" });
    });
  }

  it("says that the password is wrong", async () => {
    const connector = await bench.connector({
      endpoint: guarded.endpoint,
      security: "None",
      user: "op",
      password: "no",
    });
    const error = await refusal(connector.connect(new Collector(), never));
    expect(error.code).to.equal("unauthorized");
    expect(error.message)
      .to.match(/BadUserAccessDenied|BadIdentityTokenRejected/)
      .and.not.to.contain('"no"');
  });

  it("takes user and password without protection only where that is meant", async () => {
    const { connection } = await bench.connect({
      endpoint: guarded.endpoint,
      security: "None",
      user: "op",
      password: "let me in",
    });
    expect((await connection.read([TEMP], never))[0]?.quality).to.equal("good");
  });

  it("names what is offered where nothing fits", async () => {
    const connector = await bench.connector({ endpoint: open.endpoint, security: "Aes128_Sha256_RsaOaep" });
    const error = await refusal(connector.connect(new Collector(), never));
    expect(error.code).to.equal("unreachable");
    expect(error.message).to.contain("Basic256Sha256/SignAndEncrypt");
  });

  it("keeps its own certificate over restarts", async () => {
    const folder = await bench.folder();
    const own = join(folder, "pki/own/certs");
    await bench.connect({ endpoint: open.endpoint, security: "None" }, new Collector(), folder);
    const first = await readFile(join(own, "client_certificate.pem"), "utf8");
    await bench.connect({ endpoint: open.endpoint, security: "None" }, new Collector(), folder);
    expect(await readFile(join(own, "client_certificate.pem"), "utf8")).to.equal(first);
    expect(first).to.contain("BEGIN CERTIFICATE");
  });
});
