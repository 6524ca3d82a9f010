const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** What `parseByteSize` takes, for schemas. */
export const BYTE_SIZE_PATTERN = "^[0-9]+(\\.[0-9]+)? ?(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$";

/** Bytes of a size such as `512 MB` or `2GiB`; undefined where it is none. */
export function parseByteSize(text: string): number | undefined {
  const match = new RegExp(BYTE_SIZE_PATTERN).exec(text);
  const factor = UNITS[match?.[2] ?? ""];
  return factor === undefined ? undefined : Math.round(Number.parseFloat(text) * factor);
}
