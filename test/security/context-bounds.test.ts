import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import { ContextFetcher, type HttpGet } from "../../src/ngsi-ld/context/context-fetcher.ts";
import { loadContextLibrary } from "../../src/ngsi-ld/context/context-library.ts";
import { Contexts } from "../../src/ngsi-ld/context/contexts.ts";
import type { Json } from "../../src/ngsi-ld/json/json.ts";
import { CONTEXTS } from "../northbound/ngsi-ld/ngsi-hub.ts";

const own = "https://hub.example/c/";

/** Every case is one request that a client with the right to read or write could send. */
describe("A hostile @context", () => {
  const clock = { now: () => 0 };
  let answer: HttpGet["get"];
  let contexts: Contexts;
  beforeEach(async () => {
    answer = () => Promise.reject(new HubError("unreachable", "nobody there"));
    contexts = new Contexts({
      library: await loadContextLibrary([CONTEXTS]),
      fetcher: new ContextFetcher({ get: (url, options) => answer(url, options) }, clock),
      clock,
      ownBase: own,
    });
  });
  const refusal = (context: Json): Promise<string> =>
    contexts.resolve(context).then(
      () => "taken",
      (error: HubError) => `${error.code}: ${error.message}`,
    );
  const terms = (count: number, iri: (index: number) => string): Json =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, iri(index)]));

  it("whose terms grow by each other does not eat the memory", async () => {
    // A term is a prefix where its IRI ends so (JSON-LD 1.1, 4.1).
    const suffix = `${"b".repeat(1500)}/`;
    const context = terms(2500, (index) => (index === 0 ? "http://x/" : `t${index - 1}:${suffix}`));
    expect(await refusal(context)).to.match(/^invalid: .*longer than 2048 characters/);
  });

  it("whose terms hang on a long chain does not eat the stack", async () => {
    expect(await refusal(terms(100_000, (index) => `t${index + 1}:b`))).to.match(/^invalid: .*over 64 terms/);
  });

  it("with too many terms, prefixes or entries is refused", async () => {
    expect(await refusal(terms(50_000, (index) => `http://x/${index}`))).to.match(/^invalid: .*more than 20000 terms/);
    expect(await refusal(terms(5000, (index) => `http://x/${index}/`))).to.match(/^invalid: .*more than 2000 prefixes/);
    expect(await refusal(Array(100_000).fill(null))).to.match(/^invalid: .*more than 1000 entries/);
    expect(await refusal({ "@vocab": `http://x/${"v".repeat(3000)}` })).to.match(/^invalid: .*@vocab is longer/);
  });

  it("may use the names of JavaScript's own members", async () => {
    const { table } = await contexts.resolve({ a: "constructor:b", toString: "http://x/toString" });
    expect(table.expand("a")).to.equal("constructor:b");
    expect(table.expand("toString")).to.equal("http://x/toString");
    expect(table.expand("valueOf")).to.equal("https://uri.etsi.org/ngsi-ld/default-context/valueOf");
  });

  it("of a name that cannot be decoded is one the hub does not have", async () => {
    expect(await refusal(`${own}%zz`)).to.equal(`context-unavailable: the hub has no context ${own}%zz`);
    expect(await refusal(`${own}..%2f..%2fpackage.json`)).to.match(/^context-unavailable: the hub has no context/);
  });

  it("from a server that sends too much is refused", async () => {
    const body = Buffer.from(`{"@context":{"a":"http://x/${"a".repeat(3 << 20)}"}}`);
    answer = async () => ({ status: 200, headers: {}, body });
    expect(await refusal("http://big.example/c")).to.match(/^invalid: .*larger than/);
  });

  it("is not waited for by more requests than a bound", async () => {
    const release = Promise.withResolvers<never>();
    answer = () => release.promise;
    const waiting = Array.from({ length: 64 }, (_, index) => refusal(`http://slow.example/${index}`));
    expect(await refusal("http://slow.example/one-more")).to.match(/^overloaded/);
    release.reject(new HubError("unreachable", "gone"));
    for (const one of await Promise.all(waiting)) expect(one).to.match(/^context-unavailable/);
  });
});
