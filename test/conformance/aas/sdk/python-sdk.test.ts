import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { requireForeign } from "../../../support/foreign-server.ts";
import { openEngineHub } from "../engine-hub.ts";

const script = fileURLToPath(new URL("python_sdk.py", import.meta.url));

/** What `python_sdk.py` prints. */
interface Seen {
  readonly ids: readonly string[];
  readonly elements: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly thumbnail: string | null;
  readonly same: boolean;
  readonly imported: { readonly shells: object; readonly submodels: object; readonly notes: readonly unknown[] };
  readonly speed: number;
  readonly manual: string;
  readonly size: number;
}

describe("the BaSyx Python SDK", function () {
  this.timeout(30_000);
  let seen: Seen;

  before(async function () {
    const python = requireForeign(this, "basyx");
    const hub = await openEngineHub();
    try {
      const run = spawn(python, [script, hub.url], { stdio: ["ignore", "pipe", "inherit"] });
      const ended = once(run, "exit");
      const said = await text(run.stdout);
      expect(await ended, "python_sdk.py went wrong").to.deep.equal([0, null]);
      seen = JSON.parse(said);
    } finally {
      await hub.close();
    }
  });

  it("opens our AASX strictly: every document, element type, file and the thumbnail", () => {
    expect(seen.ids).to.have.length(7);
    expect(seen.elements).to.have.length(14);
    expect(seen.files).to.include({ "/aasx/files/manual.pdf": "%PDF-1.7 how to pump" });
    expect(seen.thumbnail).to.include("<svg");
  });

  it("reads the same from our AASX, JSON and XML", () => {
    expect(seen.same).to.equal(true);
  });

  it("writes an AASX that comes back whole, with what it has changed", () => {
    expect(seen.imported.shells).to.include({ replaced: 1, refused: 0 });
    expect(seen.imported.submodels).to.include({ replaced: 2, refused: 0 });
    expect(seen.imported.notes).to.deep.equal([]);
    expect([seen.speed, seen.manual]).to.deep.equal([77, "%PDF-1.7 how to pump"]);
  });

  it("creates a submodel and reads it back strictly", () => {
    expect(seen.size).to.equal(3);
  });
});
