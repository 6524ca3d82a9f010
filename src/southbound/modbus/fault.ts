import { HubError, type HubErrorCode } from "../../core/errors.ts";

/** Names of the exception codes, MODBUS Application Protocol V1.1b3, clause 7. */
const exceptionNames: Readonly<Record<number, string>> = {
  1: "IllegalFunction",
  2: "IllegalDataAddress",
  3: "IllegalDataValue",
  4: "ServerDeviceFailure",
  5: "Acknowledge",
  6: "ServerDeviceBusy",
  8: "MemoryParityError",
  10: "GatewayPathUnavailable",
  11: "GatewayTargetDeviceFailedToRespond",
};

/** Status of points that the device did not answer for in time. */
export const NO_ANSWER = "Timeout";

/** Why a request has no result. `status` goes into the readings, `error` to who wrote. */
export class ModbusFault extends Error {
  readonly status: string;
  readonly exception: number | undefined;
  readonly error: HubError;

  private constructor(status: string, error: HubError, exception?: number) {
    super(error.message, { cause: error });
    this.status = status;
    this.exception = exception;
    this.error = error;
  }

  static exception(code: number): ModbusFault {
    const name = exceptionNames[code] ?? `Exception${code}`;
    const error = new HubError("device-refused", `the device answered with ${name} (exception ${code})`);
    return new ModbusFault(name, error, code);
  }

  static of(status: string, code: HubErrorCode, message: string): ModbusFault {
    return new ModbusFault(status, new HubError(code, message));
  }

  /** Refused because of what was asked for: a part of it may be had. */
  get isAboutTheRange(): boolean {
    return this.exception === 2 || this.exception === 3;
  }
}
