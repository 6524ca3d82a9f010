import { expect } from "chai";
import fc from "fast-check";
import type { Method, Operation } from "../../../src/northbound/operation-types.ts";
import { createRouter } from "../../../src/northbound/router.ts";

const make = (method: Method, path: string): Operation => ({
  name: `${method} ${path}`,
  method,
  path,
  clause: "test",
  right: "read",
  handle: () => ({ status: 200 }),
});

const shapeOf = (path: string): string => path.replaceAll(/\{\w+\}/g, "{}");

/** What the router promises, said plainly: of all templates that fit, the one with a literal where they first differ. */
function naive(operations: readonly Operation[], path: string): string | undefined {
  const segments = path.slice(1).split("/");
  const fits = (template: string): boolean => {
    const parts = template.slice(1).split("/");
    return (
      parts.length === segments.length &&
      parts.every((part, i) => (part.startsWith("{") ? segments[i] !== "" : part === segments[i]))
    );
  };
  const rank = (template: string): string =>
    template
      .slice(1)
      .split("/")
      .map((part) => (part.startsWith("{") ? "1" : "0"))
      .join("");
  const shapes = [
    ...new Set(
      operations
        .map((operation) => operation.path)
        .filter(fits)
        .map(shapeOf),
    ),
  ];
  return shapes.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))[0];
}

const literal = fc.constantFrom("a", "b", "$value", "items");
const template = fc
  .array(fc.oneof(literal, fc.constantFrom("{x}", "{y}", "{z}")), { minLength: 1, maxLength: 4 })
  .filter(
    (parts) =>
      new Set(parts.filter((part) => part.startsWith("{"))).size ===
      parts.filter((part) => part.startsWith("{")).length,
  )
  .map((parts) => `/${parts.join("/")}`);
const path = fc
  .array(fc.constantFrom("a", "b", "$value", "items", "c", ""), { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join("/")}`);

describe("HTTP: the router", () => {
  it("takes an empty segment for a parameter where a surface wants to say what is missing", () => {
    const operations = [make("GET", "/a/{x}/b"), make("GET", "/a")];
    expect(createRouter(operations, true)("GET", "/a//b")).to.deep.include({ params: { x: "" } });
    expect(createRouter(operations)("GET", "/a//b")).to.equal(undefined);
  });

  it("finds what a walk through all templates finds", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(template, { selector: shapeOf, minLength: 1, maxLength: 12 }),
        path,
        (templates, asked) => {
          fc.pre(asked === "/" || !asked.endsWith("/"));
          const operations = templates.map((one) => make("GET", one));
          const found = createRouter(operations)("GET", asked);
          const name = found !== undefined && "operation" in found ? shapeOf(found.operation.path) : undefined;
          expect(name).to.equal(asked === "/" ? undefined : naive(operations, asked));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("hands over what stands in place of the parameters, whatever it holds", () => {
    const router = createRouter([make("GET", "/a/{x}/$value/{y}")]);
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: "grapheme" }),
        fc.string({ minLength: 1, unit: "grapheme" }),
        (x, y) => {
          const found = router("GET", `/a/${encodeURIComponent(x)}/$value/${encodeURIComponent(y)}`);
          expect(found).to.have.property("params").that.deep.equals({ x, y });
        },
      ),
    );
  });

  it("takes %24value for $value, and names the methods of a path", () => {
    const router = createRouter([make("GET", "/{x}/$value"), make("PATCH", "/{x}/$value")]);
    expect(router("GET", "/a/%24value")).to.have.property("params").that.deep.equals({ x: "a" });
    expect(router("DELETE", "/a/$value")).to.deep.equal({ allowed: ["GET", "PATCH"] });
    expect(router("GET", "/a")).to.equal(undefined);
  });

  it("refuses two operations at one place", () => {
    expect(() => createRouter([make("GET", "/{x}"), make("GET", "/{y}")])).to.throw("two operations claim GET /{y}");
  });
});
