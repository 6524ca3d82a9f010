/** One argument of a method; all of them are numbers. */
export interface PumpMethodArgument {
  readonly name: string;
  readonly type: "Double";
  readonly description: string;
}

export interface PumpMethod {
  readonly name: "Start" | "Stop" | "ReturnToAutomatic" | "ResetFault" | "SetSpeed";
  readonly description: string;
  readonly inputs: readonly PumpMethodArgument[];
  readonly outputs: readonly PumpMethodArgument[];
  /** What the pump says where it refuses. */
  readonly refusal: "BadInvalidState" | "BadInvalidArgument";
}

const plain = { inputs: [], outputs: [], refusal: "BadInvalidState" } as const;

/** The methods of a pump, below `Operational/Control`. */
export const pumpMethods: readonly PumpMethod[] = [
  { ...plain, name: "Start", description: "Runs the pump by hand; refused in Fault" },
  { ...plain, name: "Stop", description: "Stops the pump by hand" },
  { ...plain, name: "ReturnToAutomatic", description: "Gives the pump back to the level control" },
  { ...plain, name: "ResetFault", description: "Leaves Fault; refused while its cause lasts" },
  {
    name: "SetSpeed",
    description: "Takes another speed setpoint and tells the one before; refused out of range",
    inputs: [{ name: "Speed", type: "Double", description: "Wanted speed in % of rated speed, 0 to 110" }],
    outputs: [{ name: "PreviousSpeed", type: "Double", description: "The setpoint before, in % of rated speed" }],
    refusal: "BadInvalidArgument",
  },
];
