import type { FileRow } from "../../core/document.ts";
import { isObject } from "../validation/check.ts";
import { partKey, partNamed } from "./part-name.ts";

/** A file that becomes a part of a package. */
export interface PackedFile {
  /** Absolute, without percent escapes. */
  readonly name: string;
  readonly digest: string;
  readonly size: number;
  readonly contentType: string;
}

/** Where files go whose own name cannot be a part's. */
const folder = "/aasx/files";
const unsafe = /[^A-Za-z0-9._~!$&'()+,;=@-]/g;

/**
 * Gives the files of documents their names in one package. A name that two documents use for different contents, or that
 * no part can have, is changed, in the document too; all others stay what they are.
 */
export class PackageFiles {
  readonly #spec: string;
  readonly #taken: Set<string>;
  readonly #packed = new Map<string, PackedFile>();
  #renamed = 0;

  /** @param reserved parts that are there already, the one with the documents first */
  constructor(reserved: readonly [string, ...string[]]) {
    this.#spec = reserved[0];
    this.#taken = new Set(reserved.map(partKey));
  }

  get all(): Iterable<PackedFile> {
    return this.#packed.values();
  }

  /** Packs what the document's Files and thumbnail name; gives the document as the package has it. */
  pack<T>(document: T, files: readonly FileRow[]): T {
    if (files.length === 0) return document;
    const rows = new Map(files.map((file) => [file.name, file]));
    const values = new Map<string, string>();
    for (const name of fileNames(document)) {
      const row = rows.get(name);
      if (row !== undefined && !values.has(name)) values.set(name, this.#add(row));
    }
    const changed = [...values].filter(([name, value]) => name !== value);
    return changed.length === 0 ? document : (renamed(document, new Map(changed)) as T);
  }

  /** The value with which the document names the file from now on. */
  #add({ name, digest, size, contentType }: FileRow): string {
    const wanted = partNamed(name, this.#spec);
    if (wanted !== undefined && isPartName(wanted)) {
      const there = this.#packed.get(partKey(wanted));
      if (there?.digest === digest) return name;
      if (!this.#taken.has(partKey(wanted))) {
        this.#put({ name: wanted, digest, size, contentType });
        return name;
      }
    }
    const same = [...this.#packed.values()].find((one) => one.digest === digest && one.name.startsWith(`${folder}/`));
    if (same !== undefined) return same.name;
    const short = (/([^/\\]*)$/.exec(name)?.[1] ?? "").replace(unsafe, "_").replace(/\.+$/, "").slice(-100);
    let free: string;
    do free = `${folder}/${++this.#renamed}-${short === "" ? "file" : short}`;
    while (this.#taken.has(partKey(free)));
    this.#put({ name: free, digest, size, contentType });
    return free;
  }

  #put(file: PackedFile): void {
    this.#taken.add(partKey(file.name));
    this.#packed.set(partKey(file.name), file);
  }
}

/** Not a relationships part, no segment that ends with a dot (ECMA-376-2, 6.2.2.2). */
function isPartName(name: string): boolean {
  return !/(?:^|\/)_rels(?:\/|$)|\.(?:\/|$)|\p{Cc}|\.rels$/iu.test(name) && name !== "/[Content_Types].xml";
}

/** The names that a shell's thumbnail or a submodel's Files say, in order. */
export function* fileNames(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* fileNames(item);
  } else if (isObject(value)) {
    if (value.modelType === "File" && typeof value.value === "string") yield value.value;
    const { defaultThumbnail } = value;
    if (isObject(defaultThumbnail) && typeof defaultThumbnail.path === "string") yield defaultThumbnail.path;
    for (const member of Object.values(value)) if (typeof member === "object") yield* fileNames(member);
  }
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, renamed(member, names)]));
  if (copy.modelType === "File") copy.value = names.get(String(copy.value)) ?? copy.value;
  const { defaultThumbnail } = copy;
  if (isObject(defaultThumbnail)) {
    copy.defaultThumbnail = {
      ...defaultThumbnail,
      path: names.get(String(defaultThumbnail.path)) ?? defaultThumbnail.path,
    };
  }
  return copy;
}
