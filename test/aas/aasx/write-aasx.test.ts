import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { finished, pipeline } from "node:stream/promises";
import { expect } from "chai";
import { openAasx } from "../../../src/aas/aasx/read-aasx.ts";
import { type AasxContent, writeAasx } from "../../../src/aas/aasx/write-aasx.ts";
import { HubError } from "../../../src/core/errors.ts";
import { fileOf } from "../import/import-room.ts";

const content = (more: Partial<AasxContent> = {}): AasxContent => ({
  spec: Readable.from(["{", "}"]),
  format: "json",
  files: () => [],
  thumbnail: () => undefined,
  ...more,
});

async function* brokenText(): AsyncGenerator<string> {
  yield "{";
  throw new HubError("store-corrupt", "broken");
}

describe("writeAasx", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-write-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("writes what the reader finds again: names with every character, types, the thumbnail", async () => {
    const files = [
      fileOf("/aasx/files/ä & <b>#?.txt", "one", 'text/plain; charset="x"'),
      fileOf("/picture.png", "two", "image/png"),
    ];
    const file = join(folder, "made.aasx");
    await pipeline(
      writeAasx(content({ files: () => files, thumbnail: () => "/picture.png" })),
      createWriteStream(file),
    );
    const aasx = await openAasx(file);
    const [spec] = aasx.specs;
    if (spec === undefined) throw new Error("no specification");
    expect(await text(aasx.open(spec))).to.equal("{}");
    const part = aasx.part("/aasx/files/%C3%A4%20&%20%3Cb%3E%23%3F.txt", spec);
    expect(part).to.include({ name: "/aasx/files/ä & <b>#?.txt", contentType: 'text/plain; charset="x"' });
    expect(aasx.thumbnail).to.include({ name: "/picture.png", contentType: "image/png" });
    aasx.close();
  });

  it("asks for files only when their turn comes, and one at a time", async () => {
    const course: string[] = [];
    const spec = Readable.from(["{}"]).once("close", () => course.push("spec closed"));
    const files = [1, 2].map((number) => ({
      name: `/f${number}`,
      contentType: "text/plain",
      open: async () => {
        course.push(`open ${number}`);
        return Readable.from([Buffer.from("x")]).once("close", () => course.push(`closed ${number}`));
      },
    }));
    await text(writeAasx(content({ spec, files: () => files })));
    expect(course).to.deep.equal(["spec closed", "open 1", "closed 1", "open 2", "closed 2"]);
  });

  it("fails with what a part fails with", async () => {
    const failing = content({
      files: () => [{ name: "/f", contentType: "a/b", open: () => Promise.reject(new HubError("not-found", "gone")) }],
    });
    const made = writeAasx(failing);
    const thrown = await text(made).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(HubError).with.property("message", "gone");
    // Nobody reads it yet when it fails.
    const early = writeAasx(content({ spec: Readable.from(brokenText()) }));
    await finished(early).catch(() => undefined);
    expect(await text(early).catch((error: unknown) => error)).to.be.instanceOf(Error);
  });

  it("gives up what it reads when nobody wants it any more", async () => {
    const endless = new Readable({ read: () => undefined });
    const made = writeAasx(content({ files: () => [{ name: "/f", contentType: "a/b", open: async () => endless }] }));
    made.resume();
    await new Promise((resolve) => endless.once("resume", resolve));
    made.destroy();
    await finished(endless).catch(() => undefined);
    expect(endless.destroyed).to.equal(true);
  });
});
