import { expect } from "chai";
import { createAasSurface } from "../../src/northbound/aas/aas-surface.ts";
import { createNgsiLdSurface } from "../../src/northbound/ngsi-ld/surface.ts";
import type { Operation } from "../../src/northbound/operation-types.ts";
import type { Answer } from "./hub-fixture.ts";
import { type RuleOperation, ruleOperations } from "./rule-operations.ts";
import { operationsBeside, withoutLeaves } from "./rule-operations-beside.ts";
import { ngsiLdOperations, ngsiLdWithoutLeaves } from "./rule-operations-ngsi-ld.ts";
import { type Asset, linkStates, type RulePlant, rulePlant, shown } from "./rule-plant.ts";

const mappingLine = /(writable|read-only|lost|silent)\.yaml:\d+/;

const errors = "https://uri.etsi.org/ngsi-ld/errors/";

const all: readonly RuleOperation[] = [...ruleOperations, ...operationsBeside, ...ngsiLdOperations];

/** An operation hangs under several roots as the same one: its path below any of them. */
function belowRoot(path: string): string {
  return path
    .replace(/^\/(?:shells\/[^/]+\/submodels|aas\/submodels|submodels)\/[^/]+|^\/submodel(?=\/|$)/, "{submodel}")
    .replace(/^\/(?:shells\/[^/]+|aas)(?=\/|$)/, "{shell}")
    .replace("invoke-asnyc", "invoke-async");
}

/** Operations that write, whose template no row of the matrix fills and that are not said to be without leaves. */
function uncovered(
  operations: readonly Operation[],
  rows: readonly string[],
  without: Readonly<Record<string, string>>,
  below: (path: string) => string = (path) => path,
): readonly string[] {
  const left = operations.filter(({ method, path }) => {
    const own = below(path);
    if (method === "GET" || Object.keys(without).some((prefix) => own.startsWith(prefix))) return false;
    const template = own.replaceAll("$", "\\$").replace(/\/\{\w+\}/g, "/[^/$]+");
    const form = new RegExp(`^${method} ${template.replace(/^\{(\w+)\}/, "\\{$1\\}")}$`);
    return !rows.some((row) => form.test(row));
  });
  return left.map(({ name }) => name);
}

describe("twin rules: every operation on a leaf in every state, in both standards", function () {
  this.timeout(30_000);
  let plant: RulePlant;

  before(async () => {
    plant = await rulePlant(all.length);
  });
  after(() => plant?.close());

  it("holds every operation of the AAS API that writes, or says why it cannot come near a leaf", () => {
    const { operations } = createAasSurface({ services: () => Promise.reject(new Error("nobody asks")) });
    const asset = { shell: "s", submodel: "m", entity: "e" } as Asset;
    const rows = all
      .filter(({ api }) => api === "aas")
      .map(({ method, path }) => `${method} ${belowRoot(path(asset).replace("/api/v3.1", ""))}`);
    expect(uncovered(operations, rows, withoutLeaves, belowRoot)).to.deep.equal([]);
    expect(operations.filter(({ method }) => method !== "GET").length).to.be.greaterThan(100);
  });

  it("holds every operation of the NGSI-LD API that writes, or says why it cannot come near a leaf", () => {
    const { operations } = createNgsiLdSurface({} as Parameters<typeof createNgsiLdSurface>[0]);
    const asset = { entity: "e" } as Asset;
    const rows = all
      .filter(({ api }) => api === "ngsi-ld")
      .map(({ method, path }) => `${method} ${path(asset).replace("/ngsi-ld/v1", "").replace(/\?.*$/, "")}`);
    expect(uncovered(operations, rows, ngsiLdWithoutLeaves)).to.deep.equal([]);
    expect(operations.filter(({ method }) => method !== "GET").length).to.be.greaterThan(15);
  });

  for (const [index, operation] of all.entries()) {
    for (const state of linkStates) {
      const [status, after, writes] = operation.expected[state];
      it(`${operation.api}: ${operation.method} ${operation.name}, ${state}: ${status}, ${after}`, async () => {
        const { fixture } = plant;
        const asset = plant.asset(state, index);
        const value = 700 + index;
        const { method, path, body } = operation;
        const answer = await fixture.request(method, path(asset), body?.(asset, value));
        expect(answer.status, JSON.stringify(answer.body)).to.equal(status);
        checkReport(answer, operation, asset);
        expect(asset.device?.writesTo(asset.register) ?? 0, "writes of the device").to.equal(writes);
        const now = await shown(fixture, asset);
        const values = { old: asset.before, new: value, none: undefined };
        const linked = state !== "unlinked";
        const asked = operation.api === "aas" ? now.aas : now.ngsi;
        expect(asked, `${operation.api} afterwards`).to.equal(values[after]);
        const other = operation.api === "aas" ? now.ngsi : now.aas;
        const otherExpected = linked ? values[after] : asset.before;
        expect(other, "the other standard afterwards").to.equal(otherExpected);
      });
    }
  }
});

/** A refusal of a linked leaf names its mapping line; what a document write left alone is named too. */
function checkReport(answer: Answer, { api, reportsKept, expected }: RuleOperation, { state }: Asset): void {
  const [status] = expected[state];
  const kept = answer.headers.get("twinweave-linked-unchanged");
  expect(kept, "the header of what stayed").to.equal(reportsKept === true && state !== "unlinked" ? "Box.Level" : null);
  const differs = status !== expected.unlinked[0];
  if (!differs || status < 207) return;
  const said = JSON.stringify(answer.body);
  expect(said).to.match(mappingLine);
  // An UpdateResult (5.2.19) has a reason for each attribute and no type.
  if (api === "ngsi-ld" && state !== "lost" && !said.includes("notUpdated"))
    expect(said).to.include(`${errors}Conflict`);
}
