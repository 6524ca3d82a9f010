/** A JSON object that is mended where it stands. */
export type LooseObject = Record<string, unknown>;
