import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect } from "chai";
import { Type } from "typebox";
import { type Config, type ConfigLayers, loadConfig } from "../../src/config/load.ts";
import { HubError, type Problem } from "../../src/core/errors.ts";

describe("configuration", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-config-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function load(yaml: string | undefined, layers: ConfigLayers = {}): Promise<Config> {
    if (yaml !== undefined) await writeFile(join(folder, "twinweave.yaml"), yaml);
    return loadConfig({ env: {}, cwd: folder, ...layers });
  }

  async function problemsOf(yaml: string | undefined, layers: ConfigLayers = {}): Promise<readonly Problem[]> {
    try {
      await load(yaml, layers);
    } catch (error) {
      expect(error).to.be.instanceOf(HubError).with.property("code", "config");
      return HubError.from(error).problems.map((problem) => ({
        ...problem,
        place: problem.place.replace(`${folder}/`, ""),
      }));
    }
    throw new Error("the configuration was taken");
  }

  it("is a valid, empty hub without a file", async () => {
    const config = await load(undefined);
    expect(config.http).to.deep.equal({ host: "127.0.0.1", port: 8080, allowedHosts: [], corsOrigins: [] });
    expect(config.store.sqlite).to.equal(join(folder, "data"));
    expect(config.mappings).to.deep.equal([]);
    expect(config.sources.size).to.equal(0);
    expect(config.history.retention).to.equal(30 * 86_400_000);
    expect(config.egress.maxBytes).to.equal(4 * 1024 * 1024);
    expect(config).not.to.have.property("file");
    expect(config.warnings).to.deep.equal([]);
  });

  it("takes an empty file, and one of comments", async () => {
    for (const yaml of ["", "# nothing yet\n", "---\n", "{}"]) expect((await load(yaml)).http.port).to.equal(8080);
  });

  it("lays the command line over the environment over the file", async () => {
    const yaml = "http: { port: 1001, host: 127.0.0.2 }\nstore: { sqlite: in-file }\nlog: { level: debug }\n";
    const env = {
      TWINWEAVE_HTTP_PORT: "1002",
      TWINWEAVE_DATA_DIR: "in-env",
      TWINWEAVE_HTTP_CORS_ORIGINS: "https://a.b, http://c",
    };
    const fromEnv = await load(yaml, { env });
    expect(fromEnv.http).to.include({ port: 1002, host: "127.0.0.2" });
    expect(fromEnv.http.corsOrigins).to.deep.equal(["https://a.b", "http://c"]);
    expect(fromEnv.store.sqlite).to.equal(join(folder, "in-env"));
    const fromFlags = await load(yaml, { env, flags: { "http.port": 1003, "store.sqlite": undefined } });
    expect(fromFlags.http.port).to.equal(1003);
    expect(fromFlags.store.sqlite).to.equal(join(folder, "in-env"));
    expect(fromFlags.log.level).to.equal("debug");
  });

  it("reads the file that TWINWEAVE_CONFIG or --config names, and refuses one that is not there", async () => {
    await writeFile(join(folder, "other.yaml"), "http: { port: 7 }");
    const env = { TWINWEAVE_CONFIG: "other.yaml" };
    expect((await load(undefined, { env })).file).to.equal(join(folder, "other.yaml"));
    await writeFile(join(folder, "third.yaml"), "http: { port: 8 }");
    expect((await load(undefined, { env, file: "third.yaml" })).http.port).to.equal(8);
    const error = await load(undefined, { file: "absent.yaml" }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(HubError).with.property("code", "config");
  });

  it("resolves paths from where they are written", async () => {
    await writeFile(join(folder, "c.yaml"), "mappings: [./m, /abs/*.yaml]\ncontexts: ctx\n");
    const config = await loadConfig({
      file: join(folder, "c.yaml"),
      env: {},
      cwd: "/",
      flags: { "store.sqlite": "d" },
    });
    expect(config.mappings).to.deep.equal([join(folder, "m"), "/abs/*.yaml"]);
    expect(config.contexts).to.equal(join(folder, "ctx"));
    expect(config.store.sqlite).to.equal("/d");
  });

  it("tells every problem at once, with its line and what would be right", async () => {
    const yaml = [
      "http:",
      "  prot: 80",
      "  port: 99999",
      "  tls: { cert: a.pem }",
      "log: { level: loud }",
      "history: { retention: forever }",
      "sorces: {}",
      "sources:",
      "  bad name: { type: mqtt }",
      "  nameless: {}",
      "security: { apiKeys: [{ name: erp, rights: [rule] }] }",
    ].join("\n");
    const problems = await problemsOf(yaml);
    const told = problems.map(({ place, message, expected }) => `${place} ${message} → ${expected}`);
    expect(told).to.have.members([
      'twinweave.yaml:2:3 http has no key "prot" → did you mean "port"?',
      "twinweave.yaml:3:3 http.port is 99999 → an integer from 0 to 65535",
      'twinweave.yaml:4:3 http.tls lacks "key" → key: PEM file of the private key.',
      'twinweave.yaml:5:8 log.level is "loud" → one of error, warn, info, debug',
      'twinweave.yaml:6:12 history.retention is "forever" → a duration such as 500ms, 30s, 10m, 2h or 90d',
      'twinweave.yaml:7:1 there is no key "sorces" → did you mean "sources"?',
      'twinweave.yaml:9:3 sources has no key "bad name" → a name that matches ^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$',
      'twinweave.yaml:10:3 sources.nameless lacks "type" → type: Kind of connector; docs/connectors has a page for each.',
      'twinweave.yaml:11:45 security.apiKeys.0.rights.0 is "rule" → one of read, write, admin',
    ]);
  });

  it("tells broken YAML with its line", async () => {
    const [problem] = await problemsOf("http:\n  port: [1\nlog: {}\n");
    expect(problem?.place).to.match(/^twinweave\.yaml:[23]:\d+$/);
    expect(await problemsOf("- a\n- b\n")).to.have.lengthOf(1);
    expect((await problemsOf("http: {}\nhttp: {}\n"))[0]?.place).to.equal("twinweave.yaml:2:1");
  });

  it("names the place of a bad variable or flag, and warns of one that sets nothing", async () => {
    const [fromEnv] = await problemsOf(undefined, { env: { TWINWEAVE_HTTP_PORT: "eighty" } });
    expect(fromEnv).to.deep.include({
      place: "environment TWINWEAVE_HTTP_PORT",
      expected: "an integer from 0 to 65535",
    });
    const [fromFlag] = await problemsOf(undefined, { flags: { "http.port": -1 } });
    expect(fromFlag?.place).to.equal("command line (http.port)");
    const { warnings } = await load(undefined, { env: { TWINWEAVE_HTTP_PROT: "1", OTHER: "2" } });
    expect(warnings).to.deep.equal([
      {
        place: "environment TWINWEAVE_HTTP_PROT",
        message: "TWINWEAVE_HTTP_PROT sets nothing",
        expected: "did you mean TWINWEAVE_HTTP_PORT?",
      },
    ]);
  });

  describe("references", () => {
    it("fills values from environment and files, coerced to what the schema asks for", async () => {
      await writeFile(join(folder, "port"), "4711\n");
      const yaml = 'http: { port: "${file:port}", allowedHosts: ["${env:HOST}.example.org", "$${literal}"] }';
      const { http } = await load(yaml, { env: { HOST: "plant" } });
      expect(http.port).to.equal(4711);
      expect(http.allowedHosts).to.deep.equal(["plant.example.org", "${literal}"]);
    });

    it("tells all that lead nowhere, and those in keys", async () => {
      const yaml =
        'contexts: "${env:NONE}"\nstore:\n  sqlite: "${file:absent}"\nmappings: ["${secret:x}"]\n"${env:K}": 1\n';
      const places = (await problemsOf(yaml)).map(({ place }) => place);
      expect(places).to.include.members([
        "twinweave.yaml:1:11",
        "twinweave.yaml:3:11",
        "twinweave.yaml:4:12",
        "twinweave.yaml:5:1",
      ]);
    });

    it("never shows a secret: not when printed, logged or refused", async () => {
      const yaml = 'security: { apiKeys: [{ name: erp, key: "${env:KEY}" }] }\n';
      const key = "correct-horse-battery";
      const config = await load(yaml, { env: { KEY: key } });
      expect(config.security.apiKeys[0]?.key?.reveal()).to.equal(key);
      for (const shown of [
        JSON.stringify(config),
        inspect(config, { depth: 9, showHidden: true }),
        `${config.security.apiKeys[0]?.key}`,
      ]) {
        expect(shown).not.to.contain(key);
      }
      const refused = await problemsOf(yaml, { env: { KEY: "too-short" } });
      expect(refused).to.have.lengthOf(1);
      expect(JSON.stringify(refused)).not.to.contain("too-short");
    });
  });

  describe("sources", () => {
    const Connector = Type.Object(
      {
        host: Type.String(),
        port: Type.Integer({ default: 502 }),
        password: Type.Optional(Type.String({ secret: true })),
        ca: Type.Optional(Type.String({ path: true })),
      },
      { additionalProperties: false },
    );

    it("are checked by their connector's schema, with the lines of the file", async () => {
      const yaml =
        'sources:\n  meter:\n    type: modbus\n    host: 10.0.0.9\n    password: "${env:PW}"\n    ca: ca.pem\n  bad: { type: modbus, hots: x }\n';
      const { sources } = await load(yaml, { env: { PW: "s3cret" } });
      const meter = sources.get("meter");
      expect(meter).to.include({ name: "meter", type: "modbus" });
      expect(meter?.place).to.match(/twinweave\.yaml:2:3$/);
      expect(meter?.check(Connector)).to.deep.equal({
        settings: { host: "10.0.0.9", port: 502, password: "s3cret", ca: join(folder, "ca.pem") },
      });
      expect(inspect(sources, { depth: 9, showHidden: true })).not.to.contain("s3cret");
      const bad = sources.get("bad")?.check(Connector);
      const problems = bad !== undefined && "problems" in bad ? bad.problems : [];
      expect(problems.map(({ message, expected }) => `${message} → ${expected}`)).to.have.members([
        'sources.bad lacks "host" → host: text',
        'sources.bad has no key "hots" → did you mean "host"?',
      ]);
      expect(problems.every(({ place }) => /:7:\d+$/.test(place))).to.equal(true);
    });
  });

  describe("rules between settings", () => {
    it("refuses an address beyond loopback while there is no key", async () => {
      const [problem] = await problemsOf("http: { host: 0.0.0.0 }");
      expect(problem).to.deep.include({ place: "twinweave.yaml:1:9" });
      expect(problem?.expected).to.contain("security.apiKeys");
      const keyed = "http: { host: 0.0.0.0 }\nsecurity: { apiKeys: [{ name: erp, key: 0123456789abcdef }] }";
      expect((await load(keyed)).http.host).to.equal("0.0.0.0");
      for (const host of ["localhost", "127.0.0.9", '"::1"'])
        expect((await load(`http: { host: ${host} }`)).http.port).to.equal(8080);
    });

    it("wants a key or a hash, once for each name", async () => {
      const yaml = `security:\n  apiKeys:\n    - { name: a }\n    - { name: b, key: 0123456789abcdef, hash: "sha256:${"0".repeat(64)}" }\n    - { name: a, key: 0123456789abcdef }\n`;
      expect((await problemsOf(yaml)).map(({ message }) => message)).to.deep.equal([
        'the API key "a" has neither a key nor a hash',
        'the API key "b" has both a key and a hash',
        'there are two API keys named "a"',
      ]);
    });

    it("wants a base URL that URLs can be built on", async () => {
      expect(await problemsOf('http: { baseUrl: "https://user@host/?q" }')).to.have.lengthOf(1);
      expect((await load('http: { baseUrl: "https://twins.example.org/hub" }')).http.baseUrl).to.contain("/hub");
    });

    it("proxies have addresses, registries have a place", async () => {
      const [proxy, more] = await problemsOf("http: { trustedProxies: [10.0.0.0/8, 10.0.0.0/33] }");
      expect([proxy?.expected, more]).to.deep.equal(["an IP address, or a range such as 10.0.0.0/8", undefined]);
      const [registry] = await problemsOf("registries: { partner: { withdrawOnStop: true } }");
      expect(registry?.message).to.contain('"partner"');
      const { registries } = await load('registries: { partner: { shells: "https://registry.example.org/api/v3.1" } }');
      expect(registries.partner).to.deep.include({
        tenants: ["default"],
        withdrawOnStop: false,
        withdrawTimeout: 5_000,
      });
    });
  });

  it("withstands hostile YAML", async () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (let depth = 0; depth < 9; depth++) {
      const [name, below] = ["bcdefghij"[depth], "abcdefghi"[depth]];
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${below}`).join(", ")}]`);
    }
    expect((await problemsOf(bomb.join("\n"))).length).to.be.greaterThan(0);
    await problemsOf("__proto__: { http: 1 }\n");
    expect({}).not.to.have.property("http");
  });
});
