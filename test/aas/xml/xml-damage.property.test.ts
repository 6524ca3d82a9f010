import { expect } from "chai";
import fc from "fast-check";
import { readXmlEnvironment } from "../../../src/aas/xml/read-xml.ts";
import { HubError } from "../../../src/core/errors.ts";
import { arbitraryEnvironment } from "../support/arbitrary-environment.ts";
import { environmentXml } from "../support/environment-xml.ts";

const damage = fc.tuple(
  fc.nat(),
  fc.nat(40),
  fc.oneof(
    fc.constantFrom(
      "",
      "<",
      ">",
      "</",
      "/>",
      "&",
      "&#0;",
      "&#x10FFFF;",
      "]]>",
      "<![CDATA[",
      "<!--",
      "<!DOCTYPE a>",
      "<?pi?>",
      "\0",
      "<x/>",
      " a='b'",
    ),
    fc.string(),
  ),
);

describe("reading XML with any damage", () => {
  it("ends with documents or with an error that has its place", async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryEnvironment,
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        async (environment, damages) => {
          let xml = environmentXml(environment);
          for (const [at, length, text] of damages) {
            const from = at % xml.length;
            xml = xml.slice(0, from) + text + xml.slice(from + length);
          }
          const source = (async function* () {
            yield Buffer.from(xml);
          })();
          try {
            for await (const { value, problems, place } of readXmlEnvironment(source)) {
              expect(value).to.be.an("object");
              for (const problem of problems) expect(problem.place).to.match(/^\d+:\d+ \//);
              expect(place("/idShort")).to.match(/^\d+:\d+ \/environment\//);
            }
          } catch (thrown) {
            expect(thrown, String(thrown)).to.be.instanceOf(HubError);
            const [first] = (thrown as HubError).problems;
            expect(first?.place, String(thrown)).to.match(/^\d+:\d+ \//);
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});
