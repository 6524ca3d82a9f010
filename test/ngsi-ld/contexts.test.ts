import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import { ContextFetcher, type HttpGet } from "../../src/ngsi-ld/context/context-fetcher.ts";
import { coreFileName, loadContextLibrary } from "../../src/ngsi-ld/context/context-library.ts";
import { Contexts } from "../../src/ngsi-ld/context/contexts.ts";
import { TermDefiner } from "../../src/ngsi-ld/context/define-terms.ts";
import type { JsonObject } from "../../src/ngsi-ld/json/json.ts";
import { CONTEXTS } from "../northbound/ngsi-ld/ngsi-hub.ts";
import { requireFile } from "../support/foreign-server.ts";

/** Terms of the published file whose names differ from annex B of the specification that we follow. */
const NOT_IN_ANNEX: ReadonlySet<string> = new Set(["geometryProperty", "objectsLists"]);

class FakeWeb implements HttpGet {
  readonly asked: string[] = [];
  answers: Record<string, { status: number; body?: unknown; headers?: Record<string, string> }> = {};

  async get(url: string, { headers }: { headers: Readonly<Record<string, string>> }) {
    this.asked.push(headers["if-none-match"] === undefined ? url : `${url} ${headers["if-none-match"]}`);
    const answer = this.answers[url];
    if (answer === undefined) throw new HubError("unreachable", "nobody there");
    const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {});
    return { status: answer.status, headers: answer.headers ?? {}, body: new TextEncoder().encode(text) };
  }
}

describe("Contexts (4.4, 5.5.7)", () => {
  const clock = { ms: 0, now: () => clock.ms };
  let web: FakeWeb;
  let contexts: Contexts;
  beforeEach(async () => {
    web = new FakeWeb();
    const library = await loadContextLibrary([CONTEXTS]);
    contexts = new Contexts({
      library,
      fetcher: new ContextFetcher(web, clock),
      clock,
      ownBase: "https://hub.example/c/",
    });
  });

  for (const minor of [6, 7, 8, 9]) {
    it(`the core context 1.${minor} means the same as the published one`, function () {
      const file = requireFile(this, `../shared/specs/ngsi-ld/core-v1.${minor}.jsonld`);
      const terms = (path: string) => {
        const definer = new TermDefiner();
        definer.add(JSON.parse(readFileSync(path, "utf8"))["@context"] as JsonObject, true);
        return definer;
      };
      const [theirs, ours] = [terms(file), terms(`${CONTEXTS}/${coreFileName(minor)}`)];
      expect(ours.vocab).to.equal(theirs.vocab);
      expect(theirs.terms.size).to.be.greaterThan(100);
      for (const [term, iri] of theirs.terms) {
        if (minor === 9 && NOT_IN_ANNEX.has(term)) continue;
        expect(ours.terms.get(term), term).to.equal(iri);
      }
    });
  }

  it("the core context wins over a user's, wherever it stands", async () => {
    const core = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.6.jsonld";
    for (const written of [
      [core, { value: "https://evil.example/v" }],
      [{ value: "https://evil.example/v" }, core],
      { value: "https://evil.example/v" },
    ]) {
      expect((await contexts.resolve(written)).table.expand("value")).to.equal("https://uri.etsi.org/ngsi-ld/hasValue");
    }
    expect(
      (await contexts.resolve("https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.3.jsonld")).reference,
    ).to.equal(contexts.default.reference);
    expect(web.asked).to.deep.equal([]);
  });

  it("a URL that only looks like the core context is fetched like any other", async () => {
    const url = "https://uri.etsi.org.evil.example/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld";
    web.answers[url] = { status: 200, body: { "@context": { a: "urn:evil:a" } } };
    expect((await contexts.resolve(url)).table.expand("a")).to.equal("urn:evil:a");
  });

  it("fetches once, revalidates with the ETag, and keeps the old copy while the server is away (6.3.16)", async () => {
    const url = "https://ex.org/c.jsonld";
    web.answers[url] = {
      status: 200,
      body: { "@context": { a: "urn:x:a" } },
      headers: { "cache-control": "max-age=60", etag: '"1"' },
    };
    await contexts.resolve(url);
    await contexts.resolve([url, { b: "urn:x:b" }]);
    expect(web.asked).to.deep.equal([url]);
    clock.ms += 61_000;
    web.answers[url] = { status: 304 };
    await contexts.resolve(url);
    expect(web.asked.at(-1)).to.equal(`${url} "1"`);
    clock.ms += 600_000;
    delete web.answers[url];
    expect((await contexts.resolve(url)).table.expand("a")).to.equal("urn:x:a");
  });

  it("a copy is good as long as Expires says, where there is no max-age (6.3.16)", async () => {
    const url = "https://ex.org/expires.jsonld";
    const expires = new Date(clock.ms + 100_000).toUTCString();
    web.answers[url] = { status: 200, body: { "@context": {} }, headers: { expires } };
    await contexts.resolve(url);
    clock.ms += 90_000;
    await contexts.resolve(url);
    expect(web.asked).to.have.length(1);
    clock.ms += 15_000;
    await contexts.resolve(url);
    expect(web.asked).to.have.length(2);
  });

  it("says what is wrong: unreachable, no JSON, no @context, in a circle", async () => {
    web.answers["https://ex.org/text"] = { status: 200, body: "hello" };
    web.answers["https://ex.org/none"] = { status: 200, body: {} };
    web.answers["https://ex.org/circle"] = { status: 200, body: { "@context": "https://ex.org/circle" } };
    const codes = [];
    for (const url of ["https://ex.org/away", "https://ex.org/text", "https://ex.org/none", "https://ex.org/circle"]) {
      codes.push(
        await contexts.resolve(url).then(
          () => "fine",
          (error: HubError) => error.code,
        ),
      );
    }
    expect(codes).to.deep.equal(["context-unavailable", "invalid", "invalid", "invalid"]);
  });

  it("resolves the hub's own files without HTTP", async () => {
    const context = await contexts.resolve(contexts.urlOf(coreFileName(8)));
    expect(context.table.expand("value")).to.equal("https://uri.etsi.org/ngsi-ld/hasValue");
    expect(existsSync(`${CONTEXTS}/${coreFileName(8)}`)).to.equal(true);
    expect(web.asked).to.deep.equal([]);
  });
});
