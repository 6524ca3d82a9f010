export const POINTS_PER_ASSET = 10;

export const assetName = (asset: number): string => `Machine${String(asset).padStart(5, "0")}`;
export const pointName = (point: number): string => `v${String(point).padStart(2, "0")}`;
export const submodelId = (asset: number): string => `urn:bench:sm:${assetName(asset)}`;
export const elementName = (point: number): string => pointName(point).toUpperCase();
export const entityId = (asset: number): string => `urn:ngsi-ld:Machine:${assetName(asset)}`;

/**
 * One mapping file for all assets of the benchmark's server, both standards, with history. Of ten points eight take the
 * value as it is, one converts its unit, one is scaled.
 */
export function benchMapping(assets: number): string {
  const points = Array.from({ length: POINTS_PER_ASSET }, (_, point) => {
    const more = point === 8 ? ", unit: { to: FAH }" : point === 9 ? ", scale: { factor: 0.1 }" : "";
    const name = pointName(point);
    return `  ${name}: { from: ${name}${more}, aas: Data.${elementName(point)}, ngsi: ${name} }`;
  });
  return `twinweave: 1
source: line
forEach: { browse: "Objects/Line/*", as: machine, expect: ${assets} }
twin:
  shell: { id: "urn:bench:aas:{machine.name}", idShort: "{machine.name}", assetId: "urn:bench:asset:{machine.name}" }
  submodels: { Data: { id: "urn:bench:sm:{machine.name}" } }
  entity: { id: "urn:ngsi-ld:Machine:{machine.name}", type: Machine }
points:
${points.join("\n")}
`;
}
