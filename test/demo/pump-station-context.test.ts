import { readFileSync } from "node:fs";
import { expect } from "chai";

const contexts = new URL("../../ngsi-ld-contexts/", import.meta.url);
const readContext = (file: string) =>
  (JSON.parse(readFileSync(new URL(file, contexts), "utf8")) as { "@context": Record<string, unknown> })["@context"];

describe("ngsi-ld-contexts/pump-station.jsonld", () => {
  const terms = readContext("pump-station.jsonld");

  it("maps every term into one vocabulary, each to an IRI of its own", () => {
    expect(terms.pump).to.equal("https://twinweave.example/ontology/pump-station#");
    const names = Object.keys(terms).filter((name) => name !== "pump");
    expect(names).to.include.members(["Pump", "PumpStation", "EnergyMeter", "volumeFlow", "activePower"]);
    for (const name of names) {
      const term = terms[name];
      const iri = typeof term === "string" ? term : (term as { "@id": string })["@id"];
      expect(iri).to.equal(`pump:${name}`);
    }
  });

  it("takes no term of the core context, which would win", () => {
    const core = readContext("ngsi-ld-core-context-v1.9.jsonld");
    expect(Object.keys(terms).filter((name) => name in core)).to.deep.equal([]);
  });

  it("has every attribute and type that the demo's mapping files use", () => {
    for (const file of ["pumps", "sensors", "energy-meter", "station"]) {
      const yaml = readFileSync(new URL(`../../mappings/${file}.yaml`, import.meta.url), "utf8");
      const used = [...yaml.matchAll(/^ {4}ngsi: (\w+)$|, ngsi: (\w+) \}$|^ {4}type: ([A-Z]\w+)$/gm)].map(
        ([, own, inline, type]) => own ?? inline ?? type ?? "",
      );
      expect(used.length, file).to.be.above(3);
      expect(used.filter((name) => !(name in terms))).to.deep.equal([]);
    }
  });
});
