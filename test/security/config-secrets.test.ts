import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { loadConfig } from "../../src/config/load.ts";
import { HubError } from "../../src/core/errors.ts";
import { sourceDefinitions } from "../../src/hub/source-definitions.ts";
import { connectorTypes } from "../../src/southbound/registry.ts";

const secret = "hunter2-hunter2-hunter2";

/** Each is a mistake that somebody makes while typing in a secret. */
const mistakes: Readonly<Record<string, string>> = {
  "a key in place of an entry": `security: { apiKeys: ["${secret}"] }`,
  "a key in place of the list": `security: { apiKeys: "${secret}" }`,
  "a key of the wrong shape": `security: { apiKeys: [{ name: a, key: ["${secret}"] }] }`,
  "a key under another name": `security: { apiKeys: [{ name: a, keys: "${secret}" }] }`,
  "a key in place of its hash": `security: { apiKeys: [{ name: a, hash: "${secret}" }] }`,
  "a password in place of a source": `sources: { m: "${secret}" }`,
  "a password of the wrong shape": `sources: { m: { type: mqtt, url: "mqtt://b", password: ["${secret}"] } }`,
  "a password under another name": `sources: { m: { type: mqtt, url: "mqtt://b", passwort: "${secret}" } }`,
  "a password in an OPC UA address": `sources: { o: { type: opcua, endpoint: "opc.tcp://op:${secret}@10.0.0.5:4840" } }`,
  "a password in the base URL": `http: { baseUrl: "https://op:${secret}@twins.example" }`,
  "broken YAML": `security: { apiKeys: [{ name: a, key: "${secret}, : } ] }`,
};

describe("A problem of the configuration", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-secrets-"));
  });
  after(() => rm(folder, { recursive: true }));

  for (const [mistake, yaml] of Object.entries(mistakes)) {
    it(`with ${mistake} is told without the secret`, async () => {
      const file = join(folder, "twinweave.yaml");
      await writeFile(file, yaml);
      const error = await loadConfig({ file })
        .then((config) => sourceDefinitions(config.sources, connectorTypes))
        .then(
          () => expect.fail("it was taken"),
          (thrown: unknown) => HubError.from(thrown),
        );
      expect(error.code).to.equal("config");
      expect(error.problems).to.not.be.empty;
      expect(`${error.message} ${JSON.stringify(error.problems)}`).to.not.contain(secret);
    });
  }
});
