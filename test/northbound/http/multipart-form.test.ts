import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { expect } from "chai";
import { HubError } from "../../../src/core/errors.ts";
import { readFileForm } from "../../../src/northbound/multipart-form.ts";
import type { ApiRequest } from "../../../src/northbound/operation-types.ts";
import { errorCode } from "../../contract/store/store-fixture.ts";

const head = (disposition: string, type?: string): string =>
  `--x\r\nContent-Disposition: form-data; ${disposition}\r\n${type === undefined ? "" : `Content-Type: ${type}\r\n`}\r\n`;
const fileHead = head('name="file"; filename="a.pdf"', "application/pdf");
const end = "\r\n--x--\r\n";

function request(body: Iterable<string> | Readable, type = "multipart/form-data; boundary=x"): ApiRequest {
  const stream = body instanceof Readable ? body : Readable.from([...body].map((piece) => Buffer.from(piece)));
  return { headers: { "content-type": type }, stream: () => stream } as unknown as ApiRequest;
}

/** A form whose file never ends. */
function endless(): Readable {
  return Readable.from(
    (function* () {
      yield Buffer.from(fileHead);
      for (;;) yield Buffer.alloc(65_536, "a");
    })(),
  );
}

describe("a form with a file", () => {
  it("is read in any order, wherever it is cut into pieces", async () => {
    const whole = `${head('name="before"')}1\r\n${fileHead}content\r\n${head('name="after"')}2\r\n${head('name="after"')}ü${end}`;
    for (const size of [1, 2, 7, 64, 1_000]) {
      const octets = Buffer.from(whole);
      const pieces = Array.from({ length: Math.ceil(octets.length / size) }, (_, index) =>
        octets.subarray(index * size, (index + 1) * size),
      );
      const { fields, file } = await readFileForm(request(Readable.from(pieces)), text);
      expect(file).to.deep.equal({ taken: "content", fileName: "a.pdf", contentType: "application/pdf" });
      expect([...fields]).to.deep.equal([
        ["before", ["1"]],
        ["after", ["2", "ü"]],
      ]);
    }
  });

  it("gives its file on while it arrives, no faster than it is taken", async () => {
    let sent = 0;
    const body = Readable.from(
      (function* () {
        yield Buffer.from(fileHead);
        for (; sent < 200; sent++) yield Buffer.alloc(65_536, "a");
        yield Buffer.from(end);
      })(),
    );
    let ahead = 0;
    let taken = 0;
    await readFileForm(request(body), async (content) => {
      for await (const chunk of content) {
        taken += chunk.length;
        ahead = Math.max(ahead, sent * 65_536 - taken);
      }
    });
    expect(taken).to.equal(200 * 65_536);
    expect(ahead).to.be.lessThan(24 * 65_536);
  });

  it("ends with the reason of whoever takes the file, and is read no further", async () => {
    const tooMuch = async (content: Readable): Promise<never> => {
      let size = 0;
      await pipeline(
        content,
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            size += chunk.length;
            if (size > 1_000_000) throw new HubError("too-large", "enough");
            yield chunk;
          }
        },
        async (chunks) => {
          for await (const _chunk of chunks);
        },
      );
      throw new HubError("internal", "it ended");
    };
    const body = endless();
    expect(await errorCode(readFileForm(request(body), tooMuch))).to.equal("too-large");
    expect(body.destroyed).to.equal(true);
    const atOnce = endless();
    const full = async (): Promise<never> => Promise.reject(new HubError("store-full", "no room"));
    expect(await errorCode(readFileForm(request(atOnce), full))).to.equal("store-full");
    expect(atOnce.destroyed).to.equal(true);
  });

  it("that is cut off is malformed, and its taker hears of it", async () => {
    for (const cut of ["", "--x", fileHead.slice(0, -3), `${fileHead}half`, `${fileHead}whole\r\n--x\r\n`]) {
      let heard: unknown = cut.startsWith(fileHead) ? undefined : "nothing was given";
      const take = async (content: Readable): Promise<void> => {
        try {
          for await (const _chunk of content);
          heard = "it ended";
        } catch (error) {
          heard = "it failed";
          throw error;
        }
      };
      expect(await errorCode(readFileForm(request([cut]), take)), JSON.stringify(cut)).to.equal("malformed");
      expect(heard, JSON.stringify(cut)).to.be.a("string");
    }
  });

  it("whose sender goes away is aborted", async () => {
    const body = endless();
    const gone = new HubError("aborted", "the client went away within its body");
    const reading = errorCode(
      readFileForm(request(body), async (content) => {
        for await (const _chunk of content) body.destroy(gone);
      }),
    );
    expect(await reading).to.equal("aborted");
  });

  it("is refused where it is none, or holds more than a form", async () => {
    const file = `${fileHead}a\r\n`;
    const many = Array.from({ length: 1_001 }, (_, index) => `${head(`name="f${index}"`)}1\r\n`);
    const refused: readonly (readonly [string, ApiRequest])[] = [
      ["unsupported-media-type", request(["{}"], "application/json")],
      ["unsupported-media-type", request([""], "multipart/mixed; boundary=x")],
      ["malformed", request([file, end], "multipart/form-data")],
      ["malformed", request([head('name="file"; filename="a"'), "a\r\n", file, end])],
      ["malformed", request([head('name="other"; filename="a"'), "a\r\n", file, end])],
      ["malformed", request([`${head('name="fileName"')}${"a".repeat(9_000)}\r\n`, file, end])],
      ["malformed", request([...many, file, end])],
      ["malformed", request([`${head('name="fileName"')}a.pdf${end}`])],
    ];
    for (const [code, one] of refused) expect(await errorCode(readFileForm(one, text)), code).to.equal(code);
  });
});
