/** IDTA-01002 v3.1.2, SerializationModifiers: how deep, and with or without the content of Blobs. */
export interface Modifiers {
  readonly level: "core" | "deep";
  readonly extent: "withBlobValue" | "withoutBlobValue";
}

export const defaultModifiers: Modifiers = { level: "deep", extent: "withoutBlobValue" };
