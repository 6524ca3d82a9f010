import type { Problem } from "./errors.ts";

export type ParsedAddress =
  | { readonly tag: string; readonly writable?: boolean }
  | { readonly problem: Omit<Problem, "place"> };

/** How one kind of connector writes the addresses of its points; the mapping compiler sees a connector through this alone. */
export interface AddressSyntax {
  /**
   * Reads what stands behind `from:` in a mapping file, a string or the connector's own object form, and gives the
   * canonical tag. `base` is the address of the asset that `forEach` matched, if there is one.
   */
  parse(from: unknown, base?: string): ParsedAddress;
}
