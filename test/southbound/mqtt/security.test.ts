import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { requireForeign } from "../../support/foreign-server.ts";
import { ForeignBroker } from "./foreign-broker.ts";
import { Bench, never, refusal } from "./harness.ts";

describe("mqtt and who may", function () {
  this.timeout(15_000);
  const bench = new Bench();
  let folder: string;
  let broker: ForeignBroker;

  before(async function () {
    const mosquitto = requireForeign(this, "mosquitto");
    folder = mkdtempSync(join(tmpdir(), "twinweave-mqtt-acl-"));
    const passwords = join(folder, "passwords");
    const rules = join(folder, "rules");
    execFileSync("mosquitto_passwd", ["-b", "-c", passwords, "hub", "secret"]);
    writeFileSync(rules, "user hub\ntopic readwrite open/#\n", { mode: 0o600 });
    broker = await ForeignBroker.start(mosquitto, [
      "allow_anonymous false",
      `password_file ${passwords}`,
      `acl_file ${rules}`,
    ]);
  });
  after(async () => {
    await broker?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => bench.begin());
  afterEach(() => bench.end());

  for (const version of ["5", "3.1.1"] as const) {
    it(`says that the password is wrong, by MQTT ${version}`, async () => {
      await bench.connect({ url: broker.url, version, user: "hub", password: "secret" });
      for (const who of [{ user: "hub", password: "wrong" }, { user: "nobody", password: "secret" }, {}]) {
        const error = await refusal(bench.connect({ url: broker.url, version, ...who }));
        expect(error.code).to.equal("unauthorized");
        expect(error.message).to.not.include('wrong"').and.to.not.include("secret");
      }
    });
  }

  it("says device-refused of a write that the broker does not allow", async () => {
    const { connection } = await bench.connect({ url: broker.url, user: "hub", password: "secret" });
    const error = await refusal(connection.write("open/a##command=closed%2Fset", 1, never));
    expect(error.code).to.equal("device-refused");
  });
});

describe("mqtt over TLS", function () {
  this.timeout(15_000);
  const bench = new Bench();
  let folder: string;
  let broker: ForeignBroker;

  before(async function () {
    const openssl = requireForeign(this, "openssl");
    const mosquitto = requireForeign(this, "mosquitto");
    folder = mkdtempSync(join(tmpdir(), "twinweave-mqtt-tls-"));
    makeCertificates(openssl, folder);
    const files = [`cafile ${folder}/ca.pem`, `certfile ${folder}/broker.pem`, `keyfile ${folder}/broker.key`];
    const settings = ["allow_anonymous true", ...files, "require_certificate true", "use_identity_as_username true"];
    broker = await ForeignBroker.start(mosquitto, settings);
  });
  after(async () => {
    await broker?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => bench.begin());
  afterEach(() => bench.end());

  const url = (): string => `mqtts://localhost:${broker.port}`;
  const own = (): { cert: string; key: string } => ({ cert: join(folder, "hub.pem"), key: join(folder, "hub.key") });

  it("connects with its own certificate to a broker that the given authority vouches for", async () => {
    const { connection } = await bench.connect({ url: url(), tls: { ca: join(folder, "ca.pem"), ...own() } });
    expect(await connection.subscribe([{ tag: "a" }], never)).to.deep.equal([]);
  });

  it("trusts nobody whom it does not know, and nobody under a wrong name", async () => {
    expect((await refusal(bench.connect({ url: url(), tls: own() }))).code).to.equal("untrusted");
    const misnamed = { ca: join(folder, "ca.pem"), servername: "other.example", ...own() };
    expect((await refusal(bench.connect({ url: url(), tls: misnamed }))).code).to.equal("untrusted");
  });

  it("names a file that cannot be read", async () => {
    const error = await refusal(bench.connect({ url: url(), tls: { ca: join(folder, "absent.pem") } }));
    expect(error.code).to.equal("config");
    expect(error.message).to.include("absent.pem");
  });
});

/** An authority, and certificates of a broker on localhost and of the hub that it has signed. */
function makeCertificates(openssl: string, folder: string): void {
  const run = (...words: string[]): void => {
    // Without our environment: libraries loaded elsewhere in the run point openssl to settings of their own.
    execFileSync(openssl, words, { cwd: folder, stdio: "pipe", env: {} });
  };
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  run("req", "-x509", ...curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test authority");
  for (const name of ["broker", "hub"]) {
    writeFileSync(join(folder, "names"), "subjectAltName=DNS:localhost\n");
    run("req", ...curve, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    const signer = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names"];
    run("x509", "-req", "-in", `${name}.csr`, "-out", `${name}.pem`, "-days", "2", ...signer);
  }
}
