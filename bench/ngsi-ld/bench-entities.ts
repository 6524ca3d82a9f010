/** The entities of the benchmark: five attributes; twenty of them share a batch and stand in one place. */

export const GROUP = 20;

export const entityId = (number: number): string => `urn:ngsi-ld:Machine:${String(number).padStart(8, "0")}`;
export const groupOf = (number: number): number => Math.floor(number / GROUP);

/** Groups stand a third of a degree apart, a thousand in a row. */
export function placeOf(group: number): readonly [longitude: number, latitude: number] {
  return [-170 + (group % 1_000) / 3, -80 + Math.floor(group / 1_000) / 3];
}

export function entityOf(number: number): Readonly<Record<string, unknown>> {
  const [longitude, latitude] = placeOf(groupOf(number));
  return {
    id: entityId(number),
    type: "Machine",
    temperature: { type: "Property", value: 20 + (number % 100) / 10, unitCode: "CEL" },
    serialNumber: { type: "Property", value: `SN-${number}` },
    batch: { type: "Property", value: groupOf(number) },
    location: {
      type: "GeoProperty",
      value: { type: "Point", coordinates: [longitude + (number % GROUP) / 10_000, latitude] },
    },
    isPartOf: { type: "Relationship", object: `urn:ngsi-ld:Line:${groupOf(number) % 50}` },
  };
}

export const entityText = (number: number): string => JSON.stringify(entityOf(number));
