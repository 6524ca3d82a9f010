import { expect } from "chai";
import type { BoundOperation } from "../../src/core/bound-operation.ts";
import type { Plan, PlannedDocument } from "../../src/core/plan.ts";
import { keepRunning } from "../../src/hub/keep-running.ts";

function operation(file: string, part: string): BoundOperation {
  return {
    key: `default/${file}/a/${part}`,
    name: part,
    asset: "a",
    place: { file, line: 3 },
    address: { collection: "submodel", document: "urn:sm", part },
    arguments: [],
    work: { kind: "set", writes: [] },
  };
}

const document: PlannedDocument = {
  collection: "submodel",
  document: { id: "urn:sm", body: "{}", keys: {} },
  parts: [],
  place: { file: "broken.yaml", line: 1 },
  adopt: false,
};

describe("hub: what a broken mapping file ran before", () => {
  it("goes on: its operations and their documents too, as far as no other file has them", () => {
    const before: Plan = {
      tenant: "default",
      links: [],
      documents: [document],
      operations: [
        operation("broken.yaml", "Start"),
        operation("broken.yaml", "Stop"),
        operation("gone.yaml", "Reset"),
      ],
    };
    const taken = operation("good.yaml", "Stop");
    const plan: Plan = { tenant: "default", links: [], documents: [], operations: [taken] };
    const { whole } = keepRunning(plan, before, new Set(["broken.yaml"]));
    expect(whole.operations).to.deep.equal([taken, operation("broken.yaml", "Start")]);
    expect(whole.documents).to.deep.equal([{ ...document, adopt: true }]);
    expect(keepRunning(plan, before, new Set()).whole).to.equal(plan);
  });
});
