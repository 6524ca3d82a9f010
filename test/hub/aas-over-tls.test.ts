import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { testShell, testSubmodel } from "../northbound/aas/all-elements.ts";
import { requireForeign } from "../support/foreign-server.ts";
import { base64url, type HubFixture, hubFixture, type Json } from "./hub-fixture.ts";

const key = "a-key-for-the-tls-test";
const shell = testShell(1, [1]);

interface Answer {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly body: Json | undefined;
}

describe("the AAS API over https with keys", () => {
  let hub: HubFixture;
  let certificate: Buffer;
  let folder: string;

  /** As a client does that trusts this one certificate and nothing else. */
  async function ask(
    method: string,
    path: string,
    body?: unknown,
    headers: object = { "x-api-key": key },
  ): Promise<Answer> {
    const type = body === undefined ? {} : { "content-type": "application/json" };
    return await new Promise((resolve, reject) => {
      const asking = request(`${hub.hub.url}/api/v3.1${path}`, {
        method,
        ca: certificate,
        headers: { ...headers, ...type },
      });
      asking.once("error", reject).once("response", (response) => {
        const { statusCode: status, headers: got } = response;
        text(response).then(
          (said) => resolve({ status, location: got.location, body: said === "" ? undefined : JSON.parse(said) }),
          reject,
        );
      });
      asking.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  before(async function () {
    const openssl = requireForeign(this, "openssl");
    folder = await mkdtemp(join(tmpdir(), "twinweave-tls-"));
    const words = "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=127.0.0.1";
    const names = ["-addext", "subjectAltName=IP:127.0.0.1"];
    // Without our environment: libraries loaded elsewhere in the run point openssl to settings of their own.
    execFileSync(openssl, [...words.split(" "), ...names], { cwd: folder, stdio: "pipe", env: {} });
    certificate = await readFile(join(folder, "cert.pem"));
    hub = await hubFixture({
      "twinweave.yaml": `
http: { tls: { cert: cert.pem, key: key.pem } }
security: { apiKeys: [{ name: client, key: ${key}, rights: [read, write] }] }
`,
      "cert.pem": certificate.toString(),
      "key.pem": await readFile(join(folder, "key.pem"), "utf8"),
    });
    await hub.hub.woven;
  });
  after(async () => {
    await hub?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it("listens with the configured certificate alone", async () => {
    expect(hub.hub.url).to.match(/^https:/);
    const plain = await fetch(hub.hub.url.replace("https:", "http:")).catch(() => undefined);
    expect(plain).to.equal(undefined);
  });

  it("takes documents from who has a key, refuses who has none", async () => {
    expect((await ask("POST", "/submodels", testSubmodel(1), {})).status).to.equal(401);
    const made = await ask("POST", "/submodels", testSubmodel(1));
    expect([made.status, made.location]).to.deep.equal([
      201,
      `${hub.hub.url}/api/v3.1/submodels/${base64url("urn:test:sm:1")}`,
    ]);
    expect((await ask("POST", "/shells", shell)).status).to.equal(201);
    expect((await ask("GET", `/shells/${base64url(shell.id)}`)).body).to.deep.equal(shell);
  });

  it("gives https addresses in descriptors", async () => {
    const { body } = await ask("GET", `/shell-descriptors/${base64url(shell.id)}`);
    const place = body?.endpoints?.[0]?.protocolInformation;
    expect([place?.href, place?.endpointProtocol]).to.deep.equal([
      `${hub.hub.url}/api/v3.1/shells/${base64url(shell.id)}`,
      "HTTPS",
    ]);
  });
});
