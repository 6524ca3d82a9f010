import { expect } from "chai";
import { StatusCode, StatusCodes } from "node-opcua-client";
import { refused, translate } from "../../../src/southbound/opcua/errors.ts";
import { codeName, overflowed, qualityOf } from "../../../src/southbound/opcua/status.ts";

const OVERFLOW = StatusCode.makeStatusCode(StatusCodes.Good, "Overflow | InfoTypeDataValue");

describe("opcua status codes", () => {
  it("are good, uncertain or bad by their severity, whatever the name", () => {
    expect(qualityOf(StatusCodes.Good)).to.equal("good");
    expect(qualityOf(StatusCodes.GoodLocalOverride)).to.equal("good");
    expect(qualityOf(StatusCodes.UncertainInitialValue)).to.equal("uncertain");
    expect(qualityOf(StatusCodes.BadSensorFailure)).to.equal("bad");
    expect(qualityOf(StatusCode.makeStatusCode(StatusCodes.BadSensorFailure, "LimitLow"))).to.equal("bad");
  });

  it("keep their name without info bits; plain Good has none", () => {
    expect(codeName(StatusCodes.Good)).to.equal(undefined);
    expect(codeName(OVERFLOW)).to.equal(undefined);
    expect(codeName(StatusCodes.GoodLocalOverride)).to.equal("GoodLocalOverride");
    expect(codeName(StatusCodes.BadSensorFailure)).to.equal("BadSensorFailure");
  });

  it("say that a queue has lost values by the overflow bit alone", () => {
    expect(overflowed(OVERFLOW)).to.equal(true);
    expect(overflowed(StatusCodes.Good)).to.equal(false);
    expect(overflowed(StatusCodes.BadSensorFailure)).to.equal(false);
  });

  it("become the hub's own codes, with the server's name in the message", () => {
    expect(refused("x", StatusCodes.BadUserAccessDenied)).to.include({ code: "unauthorized" });
    expect(refused("x", StatusCodes.BadNodeIdUnknown)).to.include({ code: "not-found" });
    expect(refused("x", StatusCodes.BadOutOfRange)).to.include({ code: "device-refused" });
    expect(refused("x", StatusCodes.BadOutOfRange).message).to.contain("BadOutOfRange");
    const fault = Object.assign(new Error("ServiceFault"), {
      response: { responseHeader: { serviceResult: StatusCodes.BadSessionIdInvalid } },
    });
    expect(translate("x", fault)).to.include({ code: "unreachable" });
    expect(translate("x", new Error("two\n  lines")).message).to.equal("x: two lines");
  });
});
