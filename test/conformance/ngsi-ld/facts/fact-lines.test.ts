import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { requireFile } from "../../../support/foreign-server.ts";

/** Lines of ../shared/ngsi-ld-facts.md that say nothing a single broker could be asked for. */
const elsewhere: Readonly<Record<string, string>> = {
  "Federation (later)": "registrations are not served yet",
  "What today's best broker leaves out": "what other brokers lack: ours has tests of its own (test/security, bench)",
};

const folder = fileURLToPath(new URL(".", import.meta.url));

/** The bold words that lines begin with; the same ones again have a number. */
function labelsIn(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...text.matchAll(/^\*\*(.+?)\*\*/gm)].map(([, label = ""]) => {
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return count === 1 ? label : `${label} ${count}`;
  });
}

describe("what a new NGSI-LD broker trips over", () => {
  it("has a test for each line that applies", function () {
    const text = readFileSync(requireFile(this, "../shared/ngsi-ld-facts.md"), "utf8");
    const tests = readdirSync(folder)
      .map((file) => readFileSync(`${folder}${file}`, "utf8"))
      .join("\n");
    const labels = labelsIn(text);
    const left = labels.filter((label) => !(label in elsewhere) && !tests.includes(`it("${label}: `));
    expect(left).to.deep.equal([]);
    expect(Object.keys(elsewhere).filter((label) => !labels.includes(label))).to.deep.equal([]);
    expect(labels).to.have.length.greaterThan(15);
  });
});
