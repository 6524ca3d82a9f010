/** A name within no package that anything else could mean. */
const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/;

/**
 * The part that a reference names, absolute and without percent escapes (ECMA-376-2, 6.3: relative to the part that
 * says it). `undefined` for what lies outside the package: another scheme than `file:`, another host, a way out of the root.
 * @param source the part in which the reference stands, `/` for the package itself
 */
export function partNamed(reference: string, source: string): string | undefined {
  let path = reference.trim();
  if (/^file:/i.test(path)) path = path.replace(/^file:(?:\/\/)?(?=\/)/i, "");
  if (path === "" || scheme.test(path) || path.startsWith("//")) return undefined;
  path = path.replace(/[?#].*$/s, "").replaceAll("\\", "/");
  const folder = source.slice(0, source.lastIndexOf("/") + 1);
  const steps: string[] = [];
  for (const step of (path.startsWith("/") ? path : `${folder}${path}`).split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== "..") steps.push(unescaped(step));
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.length === 0 ? undefined : `/${steps.join("/")}`;
}

/** Equal for equal part names, in which case does not count (ECMA-376-2, 6.2.2.3). */
export function partKey(name: string): string {
  return name.toLowerCase();
}

/** The name's extension in lower case, without its dot. */
export function extensionOf(name: string): string {
  return /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
}

/** The part that holds another one's relationships; `/` for the package's. */
export function relationshipsOf(name: string): string {
  const slash = name.lastIndexOf("/");
  return `${name.slice(0, slash)}/_rels/${name.slice(slash + 1)}.rels`;
}

function unescaped(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch (error) {
    // Not every file's name that holds a % is an escaped one.
    if (error instanceof URIError) return step;
    throw error;
  }
}
