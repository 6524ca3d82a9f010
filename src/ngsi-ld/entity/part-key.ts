/** The key of an attribute instance among the parts of its entity. IRIs hold no spaces, so the first one divides. */
export function partKey(name: string, datasetId?: string | undefined): string {
  return datasetId === undefined ? name : `${name} ${datasetId}`;
}

/** The datasetId in a part's key; undefined for the default instance. */
export function datasetOfKey(key: string): string | undefined {
  const space = key.indexOf(" ");
  return space < 0 ? undefined : key.slice(space + 1);
}
