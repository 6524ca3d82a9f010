import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect } from "chai";
import { Type } from "typebox";
import { parse } from "yaml";
import { configurationPage } from "../../src/docs/configuration-page.ts";
import { configurationSchema } from "../../src/docs/configuration-schema.ts";
import { connectorPage } from "../../src/docs/connector-page.ts";
import { mappingPage, mappingSchemaFile } from "../../src/docs/mapping-page.ts";
import type { ConnectorType } from "../../src/southbound/contract.ts";
import { connectorTypes } from "../../src/southbound/registry.ts";
import { ROOT } from "../architecture/walls.ts";

const pump = {
  type: "pump",
  title: "Pump bus",
  description: "Talks to pumps.",
  config: Type.Object(
    {
      host: Type.String({ description: "Where it is." }),
      unit: Type.Integer({ default: 1 }),
      password: Type.Optional(Type.String({ secret: true })),
    },
    { additionalProperties: false },
  ),
  addressSchema: Type.String({ description: "Number of the pump." }),
  examples: { source: "station: { type: pump, host: 10.0.0.1 }", addresses: ["from: 7"] },
} as unknown as ConnectorType;

describe("generated docs", () => {
  it("are in the repository as the code has them", () => {
    expect(readFileSync(join(ROOT, "docs/configuration.md"), "utf8")).to.equal(configurationPage());
    expect(readFileSync(join(ROOT, "docs/mapping-reference.md"), "utf8")).to.equal(mappingPage());
    expect(readFileSync(join(ROOT, "docs/schema/mapping.schema.json"), "utf8")).to.equal(mappingSchemaFile());
    expect(readFileSync(join(ROOT, "docs/schema/twinweave.schema.json"), "utf8")).to.equal(
      configurationSchema(connectorTypes),
    );
    for (const type of connectorTypes) {
      expect(readFileSync(join(ROOT, `docs/connectors/${type.type}.md`), "utf8")).to.equal(connectorPage(type));
    }
  });

  it("name each setting, its variable, default and meaning", () => {
    const page = configurationPage();
    expect(page).to.contain("| `http.port` | an integer from 0 to 65535 | `8080` |");
    expect(page).to.contain("| `TWINWEAVE_DATA_DIR` | `store.sqlite` |");
    expect(page).to.match(/security\.apiKeys\[\]\.key.*A secret: give it by reference\./);
  });

  describe("the editor schema of twinweave.yaml", () => {
    const validate = new Ajv({ strict: true, allErrors: true }).compile(JSON.parse(configurationSchema([pump])));

    it("takes what the hub takes", () => {
      const files = [
        "{}",
        "http: { port: 1 }",
        'http: { port: "${env:PORT}" }',
        "sources: { a: { type: pump, host: x } }",
        'sources: { a: { type: pump, host: x, unit: "${env:U}", password: "${file:/p}" } }',
        'security: { apiKeys: [{ name: a, key: "${env:K}" }] }',
        "history: { retention: 90d }",
      ];
      for (const text of files) expect(validate(parse(text)), text).to.equal(true);
    });

    it("refuses what the hub refuses", () => {
      const files = [
        "http: { port: 99999 }",
        "htpp: {}",
        "sources: { a: { type: pump } }",
        "sources: { a: { type: pomp, host: x } }",
        "sources: { a: { type: pump, host: x, more: 1 } }",
        "history: { retention: long }",
      ];
      for (const text of files) expect(validate(parse(text)), text).to.equal(false);
    });
  });

  it("give each connector a page", () => {
    const page = connectorPage(pump);
    expect(page).to.contain("# Pump bus");
    expect(page).to.contain("| `host` | text | required | Where it is. |");
    expect(page).to.contain("from: 7");
    expect(page).to.contain("Number of the pump.");
  });
});
