import { expect } from "chai";
import { Check, Errors } from "typebox/value";
import { parse as parseYaml } from "yaml";
import type { ConnectorType } from "../../../src/southbound/contract.ts";
import { connectorTypes } from "../../../src/southbound/registry.ts";

interface Field {
  readonly description?: string;
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, Field>>;
}

/** What docs and editors take from a connector's declaration. `base`: what relative example addresses may stand below. */
export function describeDeclaration(type: ConnectorType, base?: string): void {
  describe(`connector declaration: ${type.type}`, () => {
    it("is in the registry, with a title and a description", () => {
      expect(connectorTypes).to.include(type);
      expect(type.title).to.match(/\w/);
      expect(type.description.length).to.be.above(80);
    });

    it("describes every field, and marks every secret", () => {
      const fields = [...fieldsOf(type.config as Field), ...fieldsOf(type.addressSchema as Field)];
      expect(fields.length).to.be.above(5);
      for (const [path, field] of fields) {
        expect(field.description ?? "", path).to.match(/^\w.+\.$/);
        if (/password|passphrase|secret|token/i.test(path)) expect(field.secret, path).to.equal(true);
      }
    });

    it("has examples that are right", () => {
      const sources: Record<string, Record<string, unknown>> = parseYaml(type.examples.source);
      expect(Object.keys(sources)).to.have.lengthOf.at.least(1);
      for (const { type: named, ...config } of Object.values(sources)) {
        expect(named).to.equal(type.type);
        expect(Check(type.config, config), JSON.stringify([...Errors(type.config, config)])).to.equal(true);
        expect(type.examples.addresses).to.have.lengthOf.at.least(2);
        const syntax = type.addresses(config as never);
        for (const address of type.examples.addresses) {
          const alone = syntax.parse(address);
          const parsed = "problem" in alone ? syntax.parse(address, base) : alone;
          expect(parsed, address).to.have.property("tag");
          if ("tag" in parsed) expect(syntax.parse(parsed.tag), address).to.deep.equal(parsed);
        }
      }
    });

    it("says what is wrong with an address, and what would be right", () => {
      const syntax = type.addresses({ ...exampleConfig(type) } as never);
      for (const wrong of [42, null, {}, { nonsense: true }, [], ""]) {
        const parsed = syntax.parse(wrong);
        expect(parsed, JSON.stringify(wrong)).to.have.property("problem");
        if ("problem" in parsed) expect(parsed.problem.message).to.match(/\w/);
      }
    });
  });
}

function exampleConfig(type: ConnectorType): Record<string, unknown> {
  const [first] = Object.values(parseYaml(type.examples.source) as Record<string, Record<string, unknown>>);
  const { type: _, ...config } = first ?? {};
  return config;
}

function fieldsOf(schema: Field, prefix = ""): (readonly [string, Field])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    return [[path, field] as const, ...fieldsOf(field, `${path}.`)];
  });
}
