import v8 from "node:v8";
import vm from "node:vm";
import { expect } from "chai";
import fc from "fast-check";
import { createNgsiLdSurface } from "../../../../src/northbound/ngsi-ld/surface.ts";
import { type HubFixture, hubFixture } from "../../../hub/hub-fixture.ts";
import { type FuzzRequest, requestsOf } from "./requests.ts";

/** Requests of each operation; more find more: 500 of each take some minutes. */
const EACH = 25;
/** No request of this size may take longer. */
const LONGEST_MS = 3_000;
const MOST_GROWN_BYTES = 48 * 2 ** 20;

describe("arbitrary requests to every operation of the NGSI-LD API", function () {
  this.timeout(120_000);
  let fixture: HubFixture;
  const { operations } = createNgsiLdSurface({} as Parameters<typeof createNgsiLdSurface>[0]);

  before(async () => {
    fixture = await hubFixture({
      "twinweave.yaml": "egress: { allowPrivate: true }\ntenants: { implicit: true }\n",
    });
  });
  after(() => fixture.close());

  /** What is wrong with the answer; undefined where nothing is. */
  const ask = async ({ method, path, headers, body }: FuzzRequest): Promise<string | undefined> => {
    const started = performance.now();
    const response = await fetch(`${fixture.hub.url}/ngsi-ld/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const took = performance.now() - started;
    if (took > LONGEST_MS) return `${Math.round(took)} ms`;
    // A context that nobody serves is 504 (5.5.6), and a broken one 503.
    if (response.status >= 500 && !text.includes("LdContextNotAvailable")) return `${response.status} ${text}`;
    if (response.status === 204 && text !== "") return "204 with a body";
    if (response.headers.get("content-type")?.includes("json") === true) JSON.parse(text);
    return undefined;
  };

  const round = async (seed: number): Promise<readonly string[]> => {
    const failures: string[] = [];
    for (const operation of operations) {
      for (const request of fc.sample(requestsOf(operation), { numRuns: EACH, seed })) {
        const wrong = await ask(request).catch((error: unknown) => String(error));
        if (wrong !== undefined) failures.push(`${wrong.slice(0, 300)}: ${JSON.stringify(request).slice(0, 700)}`);
      }
    }
    return failures;
  };

  it("are answered in time, none by a 5xx; memory and handles are given back", async () => {
    expect(await round(20261122)).to.deep.equal([]);
    const [memory, handles] = [used(), process.getActiveResourcesInfo().length];
    expect(await round(20261123)).to.deep.equal([]);
    expect(used() - memory, "bytes grown").to.be.lessThan(MOST_GROWN_BYTES);
    expect(process.getActiveResourcesInfo().length - handles, "handles grown").to.be.lessThan(10);
    expect((await fixture.get("/ready")).status).to.equal(200);
  });
});

/** Bytes of the heap after a collection. */
function used(): number {
  v8.setFlagsFromString("--expose-gc");
  const collect: () => void = vm.runInNewContext("gc");
  collect();
  return process.memoryUsage().heapUsed;
}
