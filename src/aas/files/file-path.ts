/** Where packages keep what their elements attach (IDTA-01005); a File's value is this path, so a package in and out keeps it. */
const folder = "/aasx/files/";
/** Characters of a file's name; encoded, the path stays below the 2,048 that a value may have. */
const longestName = 200;

/**
 * The path by which a document knows a file that comes under this name. Of a path only the last part counts, and what
 * no file system takes is mended: nothing that is unpacked or downloaded under it lands elsewhere.
 */
export function filePath(fileName: string): string {
  const name = fileName
    .toWellFormed()
    .normalize("NFC")
    .replace(/\p{C}/gu, "")
    .replace(/^.*[/\\]/s, "")
    .replace(/[<>:"|?*]/g, "_")
    .replace(/^[\s.]+|[\s.]+$/g, "");
  return folder + encodeURIComponent(shortened(name === "" ? "file" : name));
}

/** The path, or the first one with a number before the extension that is free: `manual-2.pdf`. */
export function freePath(path: string, isFree: (path: string) => boolean): string {
  if (isFree(path)) return path;
  const dot = path.lastIndexOf(".");
  const cut = dot > path.lastIndexOf("/") + 1 ? dot : path.length;
  for (let number = 2; ; number++) {
    const next = `${path.slice(0, cut)}-${number}${path.slice(cut)}`;
    if (isFree(next)) return next;
  }
}

/** The name under which a file at a path is saved; readable where the path is encoded. */
export function fileNameAt(path: string): string {
  const last = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(last);
  } catch (error) {
    // No percent-encoding: the name is what it says.
    if (error instanceof URIError) return last;
    throw error;
  }
}

/** Whether a value leads out of the hub: it has a scheme, as `https:` or `file:`. */
export function isElsewhere(path: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(path);
}

/** The extension stays, and no pair of surrogates is cut. */
function shortened(name: string): string {
  if (name.length <= longestName) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && name.length - dot <= 20 ? name.slice(dot) : "";
  return (
    name
      .slice(0, longestName - extension.length)
      .toWellFormed()
      .replaceAll("\uFFFD", "") + extension
  );
}
