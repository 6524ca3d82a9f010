/**
 * OPC UA EngineeringUnits name a UNECE code by a number: its characters as bytes, most significant first
 * (OPC 10000-8, 5.6.3.4): 4408652 = 0x43454C = "CEL".
 */
export function codeOfUnitId(unitId: number): string | undefined {
  if (!Number.isInteger(unitId) || unitId <= 0 || unitId > 0xffffffff) return undefined;
  let code = "";
  for (let rest = unitId; rest > 0; rest = Math.floor(rest / 256)) code = String.fromCharCode(rest % 256) + code;
  return /^[A-Z0-9]{1,4}$/.test(code) ? code : undefined;
}

/** The number for a code of at most four letters and digits; `undefined` for anything else. */
export function unitIdOfCode(code: string): number | undefined {
  if (!/^[A-Z0-9]{1,4}$/.test(code)) return undefined;
  return [...code].reduce((id, letter) => id * 256 + letter.charCodeAt(0), 0);
}
