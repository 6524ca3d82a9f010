/** What of a mapping's wishes was found in its source. */
export interface MappingCoverage {
  readonly file: string;
  readonly mapping: string;
  readonly tenant: string;
  /** `expect` of the file. */
  readonly expected: number | undefined;
  /** Keys of the assets. */
  readonly matched: readonly string[];
  /** Keys that more than one asset has. */
  readonly ambiguous: readonly string[];
  /** Points whose address the source does not have. */
  readonly unmatched: readonly { readonly asset: string; readonly point: string; readonly tag: string }[];
}
