/** The order is the value of the OPC UA enumeration. */
export const pumpStates = ["Idle", "Starting", "Running", "Stopping", "Fault"] as const;
export type PumpState = (typeof pumpStates)[number];

/** Who decides whether the pump runs: the station's level control, or whoever called Start or Stop. */
export const pumpModes = ["Automatic", "Manual"] as const;
export type PumpMode = (typeof pumpModes)[number];

/** Why a pump is in Fault. The order is the code that the faces show. */
export const tripCauses = ["None", "BearingOvertemperature", "Vibration", "DriveTrip"] as const;
export type TripCause = (typeof tripCauses)[number];

/** The answer to a command. */
export type CommandResult = { readonly accepted: true } | { readonly accepted: false; readonly reason: string };
