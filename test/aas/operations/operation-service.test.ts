import { expect } from "chai";
import type { Operation, SubmodelElement } from "../../../src/aas/metamodel/types.ts";
import type { AsyncHandles } from "../../../src/aas/services/async-handles.ts";
import { createOperationService, type OperationTimes } from "../../../src/aas/services/operation-service.ts";
import type { SubmodelReader } from "../../../src/aas/services/submodel-reader.ts";
import type { OwnOperation } from "../../../src/aas/time-series/series-operations.ts";
import { HubError } from "../../../src/core/errors.ts";
import { scope } from "../../twin/twin-fixture.ts";

const answer: SubmodelElement = { modelType: "Property", idShort: "Answer", valueType: "xs:int", value: "42" };

/** The service over one operation that the hub itself carries out. */
function serviceWith(own: OwnOperation, times: Partial<OperationTimes> = {}) {
  const stored: Operation = { modelType: "Operation", idShort: "Ask", outputVariables: [{ value: answer }] };
  return createOperationService({
    reader: { element: async () => ({ stored }) } as unknown as SubmodelReader,
    twin: { operation: () => undefined, invoke: async () => expect.fail("nothing is bound") },
    handles: {} as AsyncHandles,
    clock: { now: () => 0 },
    times: { timeout: 1_000, maxTimeout: 2_000, maxRunning: 2, ...times },
    own: { find: async () => own },
  });
}

describe("aas/services: operations that the hub carries out itself", () => {
  const body = {};

  it("give their results, and end in Timeout when their time is over", async () => {
    const quick = serviceWith(async () => [answer]);
    const done = await quick.invoke(scope, "urn:sm", "Ask", body, "normal");
    expect(done).to.deep.include({ executionState: "Completed", outputArguments: [{ value: answer }] });
    let heard = false;
    const slow = serviceWith((_inputs, abort) => {
      abort.addEventListener("abort", () => {
        heard = true;
      });
      return new Promise(() => undefined);
    });
    const late = await slow.invoke(scope, "urn:sm", "Ask", { clientTimeoutDuration: "PT0.02S" }, "normal");
    expect(late).to.include({ executionState: "Timeout", success: false });
    expect(heard).to.equal(true);
  });

  it("are bounded in number, while their clients wait", async () => {
    const gate = Promise.withResolvers<readonly SubmodelElement[]>();
    const service = serviceWith(() => gate.promise);
    const invoke = () => service.invoke(scope, "urn:sm", "Ask", body, "normal");
    const waiting = [invoke(), invoke()];
    // The third is looked at behind the two.
    const third = await invoke().catch((thrown: unknown) => HubError.from(thrown).code);
    expect(third).to.equal("overloaded");
    gate.resolve([answer]);
    for (const one of await Promise.all(waiting)) expect(one.executionState).to.equal("Completed");
    expect((await invoke()).executionState).to.equal("Completed");
  });
});
