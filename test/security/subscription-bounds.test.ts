import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import type { Context } from "../../src/ngsi-ld/context/contexts.ts";
import { TermTable } from "../../src/ngsi-ld/context/term-table.ts";
import type { JsonObject } from "../../src/ngsi-ld/json/json.ts";
import { parseSubscription } from "../../src/ngsi-ld/subscription/parse-subscription.ts";

const table = new TermTable({ terms: new Map(), prefixes: new Set() }, "http://x/");
const context: Context = { reference: "http://x/c", key: "c", url: "http://x/c", table };

function refusal(members: JsonObject, endpoint: JsonObject = {}): string {
  const notification = { endpoint: { uri: "http://receiver.example/", ...endpoint } };
  try {
    parseSubscription(
      { type: "Subscription", entities: [{ type: "T" }], notification, ...members },
      context,
      "urn:x:1",
      "2026-01-01T00:00:00Z",
    );
    return "taken";
  } catch (thrown) {
    const { code, message } = HubError.from(thrown);
    return `${code}: ${message}`;
  }
}
const header = (key: string, value: string): string => refusal({}, { receiverInfo: [{ key, value }] });
const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

describe("A hostile subscription", () => {
  it("writes no header that is the hub's, and breaks out of none", () => {
    for (const name of [
      "Host",
      "content-length",
      "Transfer-Encoding",
      "Connection",
      "EXPECT",
      "Link",
      "NGSILD-Tenant",
    ]) {
      expect(header(name, "x"), name).to.match(/^invalid: .*the hub's to write/);
    }
    for (const [name, value] of [
      ["X", "a\r\nHost: evil"],
      ["X\r\nY", "a"],
      ["X", "a\u0000"],
      ["X", "\u0100"],
      ["", "a"],
    ] as const) {
      expect(header(name, value), JSON.stringify([name, value])).to.match(/^invalid/);
    }
    expect(header("Authorization", "Bearer of-the-receiver")).to.equal("taken");
  });

  it("stays within its bounds", () => {
    expect(header("X", "a".repeat(10_000))).to.match(/^invalid: .*longer than 8192/);
    expect(refusal({}, { receiverInfo: many(33, { key: "X", value: "a" }) })).to.match(/^invalid: .*more than 32/);
    expect(refusal({}, { uri: `http://receiver.example/${"a".repeat(3000)}` })).to.match(
      /^invalid: .*longer than 2048/,
    );
    expect(refusal({ entities: many(1001, { type: "T" }) })).to.match(/^invalid: .*more than 1000/);
    expect(refusal({ watchedAttributes: many(1001, "a") })).to.match(/^invalid: .*more than 1000/);
    expect(refusal({ entities: [{ type: "T", idPattern: "a".repeat(513) }] })).to.match(/^invalid: .*longer than 512/);
  });
});
