/** To be saved under this name (RFC 6266), in full in `filename*` (RFC 8187) where it is not plain ASCII. */
export function attachmentNamed(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7E]|["\\%]/g, "_");
  if (plain === fileName) return `attachment; filename="${plain}"`;
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded(fileName)}`;
}

/** `attr-char` of RFC 8187, 3.2.1, stays; all else is percent-encoded. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
