import { expect } from "chai";
import type { Value, ValueType } from "../../src/core/value.ts";
import { compileExpression, type Expression } from "../../src/mapping/expression/expression.ts";
import { ValueProblem } from "../../src/mapping/value-problem.ts";

function ofValue(text: string): Expression {
  const compiled = compileExpression(text, { reads: "value", type: undefined });
  if ("problems" in compiled) throw new Error(compiled.problems.map(({ message }) => message).join("; "));
  return compiled.expression;
}

const types = new Map<string, ValueType | undefined>([
  ["state", "string"],
  ["power", "double"],
  ["count", "long"],
  ["any", undefined],
]);

function ofPoints(text: string, points: Readonly<Record<string, Value>>): Value {
  const compiled = compileExpression(text, { reads: "points", types });
  if ("problems" in compiled) throw new Error(compiled.problems.map(({ message }) => message).join("; "));
  return compiled.expression.ofPoints((point) => points[point]);
}

function problems(text: string, reads: "value" | "points" = "value"): readonly string[] {
  const compiled = compileExpression(text, reads === "value" ? { reads, type: undefined } : { reads, types });
  if (!("problems" in compiled)) return [];
  return compiled.problems.map(({ message, expected }) =>
    expected === undefined ? message : `${message} (${expected})`,
  );
}

describe("expressions", () => {
  it("calculate in doubles: whole numbers in the text are numbers like any other", () => {
    expect(ofValue("value * 2").ofValue(3.5)).to.equal(7);
    expect(ofValue("1 / 2 * value").ofValue(3)).to.equal(1.5);
    expect(ofValue("value % 4").ofValue(7)).to.equal(3);
    expect(ofValue("size(value) - 1").ofValue("abc")).to.equal(2);
    expect(ofValue("value in [1, 2]").ofValue(2)).to.equal(true);
    expect(ofValue("value.substring(0, value.indexOf(':'))").ofValue("ab:c")).to.equal("ab");
  });

  it("take 64-bit integers: exact where they fit, refused where digits would be lost", () => {
    expect(ofValue("value + 1").ofValue(41n)).to.equal(42);
    expect(ofValue("value").ofValue(9007199254740993n)).to.equal(9007199254740993n);
    expect(ofValue("value == 9007199254740993").ofValue(9007199254740993n)).to.equal(true);
    expect(() => ofValue("value + 1").ofValue(9007199254740993n)).to.throw(ValueProblem, "beyond 2^53");
    expect(ofPoints("points.count / 2", { count: 5n })).to.equal(2.5);
  });

  it("know bits, rounding and structures", () => {
    expect(ofValue("bit(value, 3)").ofValue(8)).to.equal(true);
    expect(ofValue("round(value * 10) / 10").ofValue(1.26)).to.equal(1.3);
    expect(ofValue("has(value.flow) ? value.flow.m3 : 0").ofValue({ flow: { m3: 2 } })).to.equal(2);
    expect(ofValue("has(value.flow) ? value.flow : 0").ofValue({})).to.equal(0);
    expect(ofValue("double(value)").ofValue("1.5")).to.equal(1.5);
    expect(ofValue("timestamp(int(value))").ofValue(1_700_000_000)).to.equal("2023-11-14T22:13:20.000Z");
    expect(ofValue("[value, value + 1]").ofValue(1)).to.deep.equal([1, 2]);
  });

  it("read points, and name the one that has no value yet", () => {
    expect(ofPoints("points.state == 'IDLE' && points.power < 5", { state: "IDLE", power: 3 })).to.equal(true);
    expect(ofPoints("points['power'] * 2", { power: 4 })).to.equal(8);
    expect(() => ofPoints("points.power * points.any", { power: 4 })).to.throw(
      ValueProblem,
      'the point "any" has no value yet',
    );
  });

  it("tell what they can before any value comes", () => {
    expect(problems("foo + 1")).to.deep.equal(['unknown name "foo" (the point\'s own value is "value")']);
    expect(problems("value *")).to.deep.equal(["the expression is wrong: Unexpected token: EOF"]);
    expect(problems("points.stat == 'x'", "points")).to.deep.equal([
      'there is no point "stat" (did you mean "state"?)',
    ]);
    expect(problems("points.power + points.state", "points")).to.deep.equal([
      "the expression is wrong: no such overload: double + string",
    ]);
    expect(problems("power * 2", "points")).to.deep.equal(['unknown name "power" (points.power)']);
    expect(problems("size(points)", "points")).to.deep.equal(["points are read one by one (points.name)"]);
    expect(ofValue("value == 1 ? 'RUN' : 'IDLE'").gives).to.equal("text");
  });

  it("are bounded: length, depth, size, no loops, patterns in linear time", () => {
    expect(problems(`${"1 + ".repeat(600)}1`)[0]).to.match(/2401 characters/);
    expect(problems(`${"(".repeat(40)}1${")".repeat(40)}`)[0]).to.match(/maxDepth/);
    expect(problems(`[${"1,".repeat(100)}1]`)[0]).to.match(/maxListElements/);
    expect(problems(`${"1 + ".repeat(300)}1`)[0]).to.match(/maxAstNodes|maxDepth/);
    for (const loop of ["value.map(x, x)", "value.exists(x, x > 1)", "value.filter(x, x > 1)", "value.all(x, x > 1)"]) {
      expect(problems(loop)[0], loop).to.match(/runs over a list/);
    }
    expect(problems("value.matches('(?=a)')")[0]).to.match(/cannot be used/);
    const begun = performance.now();
    expect(ofValue("value.matches('^(a+)+$')").ofValue(`${"a".repeat(50_000)}b`)).to.equal(false);
    expect(performance.now() - begun, "ms").to.be.below(2000);
  });

  it("have no way to the host", () => {
    for (const text of ["value.constructor", "value.__proto__", "value.toString"]) {
      expect(() => ofValue(text).ofValue({ a: 1 }), text).to.throw(ValueProblem);
    }
    for (const text of ["globalThis", "process.env", "constructor", "this"])
      expect(problems(text), text).to.not.be.empty;
  });
});
