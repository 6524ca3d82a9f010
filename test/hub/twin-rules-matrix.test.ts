import { expect } from "chai";
import type { Answer } from "./hub-fixture.ts";
import { type RuleOperation, ruleOperations } from "./rule-operations.ts";
import { type Asset, linkStates, type RulePlant, rulePlant, shown } from "./rule-plant.ts";

const mappingLine = /(writable|read-only|lost|silent)\.yaml:\d+/;

describe("twin rules: every operation on a leaf in every state, in both standards", function () {
  this.timeout(30_000);
  let plant: RulePlant;

  before(async () => {
    plant = await rulePlant(ruleOperations.length);
  });
  after(() => plant?.close());

  for (const [index, operation] of ruleOperations.entries()) {
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
function checkReport(answer: Answer, { reportsKept, expected }: RuleOperation, { state }: Asset): void {
  const [status] = expected[state];
  const kept = answer.headers.get("twinweave-linked-unchanged");
  expect(kept, "the header of what stayed").to.equal(reportsKept === true && state !== "unlinked" ? "Box.Level" : null);
  const differs = status !== expected.unlinked[0];
  if (differs && status >= 207) expect(JSON.stringify(answer.body)).to.match(mappingLine);
}
