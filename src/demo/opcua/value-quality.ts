import type { PumpState } from "../model/pump-state.ts";
import type { Instrument } from "./pump-variable.ts";

/** Names of OPC UA status codes (OPC 10000-8, 5.3). */
export type StatusName =
  | "Good"
  | "UncertainLastUsableValue"
  | "UncertainSubNormal"
  | "BadSensorFailure"
  | "BadNoCommunication";

export interface QualityCause {
  readonly sensorFailure: boolean;
  readonly noDevice: boolean;
  readonly state: PumpState;
}

/** The status that a value of this origin has now. */
export function statusOf(instrument: Instrument, cause: QualityCause): StatusName {
  if (cause.noDevice) return "BadNoCommunication";
  switch (instrument) {
    case "transmitter":
      return cause.sensorFailure ? "BadSensorFailure" : "Good";
    case "derived":
      return cause.sensorFailure || cause.state === "Fault" ? "UncertainSubNormal" : "Good";
    case "drive":
      return cause.state === "Fault" ? "UncertainLastUsableValue" : "Good";
    case "controller":
      return "Good";
  }
}

/** A value that is no longer measured keeps what it showed last. */
export function isHeld(status: StatusName): boolean {
  return status === "UncertainLastUsableValue" || status.startsWith("Bad");
}
