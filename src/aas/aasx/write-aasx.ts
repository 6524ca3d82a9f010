import { PassThrough, Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { ZipFile } from "yazl";
import { HubError } from "../../core/errors.ts";
import { relationshipTypes } from "./relationship-types.ts";

export interface AasxFile {
  /** Absolute, without percent escapes: `/aasx/files/manual.pdf`. */
  readonly name: string;
  readonly contentType: string;
  open(): Promise<Readable>;
}

export interface AasxContent {
  /** The Environment's text, with the format that its part's name tells. */
  readonly spec: AsyncIterable<string>;
  readonly format: "json" | "xml";
  /** The supplementary files; asked once the Environment is written, so that it may say which. */
  readonly files: () => Iterable<AasxFile>;
  /** Name of the file that shows the package as a whole. */
  readonly thumbnail: () => string | undefined;
}

export const originPart = "/aasx/aasx-origin";
export const specPart = (format: "json" | "xml"): string => `/aasx/environment.${format}`;

const relationshipsType = "application/vnd.openxmlformats-package.relationships+xml";
/** What hardly gets smaller. */
const packed = /^(?:image\/(?!svg|bmp)|video\/|audio\/|application\/(?:zip|gzip|pdf|vnd\.openxmlformats))/i;

/**
 * An AASX package (IDTA-01005 v3.1) as it is made: each part is read when its turn comes, none is held whole. The stream
 * fails with what a part's stream fails with; destroyed, it gives up what it reads.
 */
export function writeAasx(content: AasxContent): Readable {
  const zip = new ZipFile();
  const out = new PassThrough();
  const fail = (thrown: unknown): void => void out.destroy(HubError.from(thrown));
  // It may fail before anybody reads it; whoever does then is told.
  out.on("error", () => undefined);
  zip.on("error", fail);
  (zip.outputStream as Readable).on("error", fail).pipe(out);
  let current: Readable | undefined;
  out.once("close", () => current?.destroy());

  async function add(name: string, source: Readable, compress: boolean): Promise<void> {
    current = source;
    if (out.destroyed) source.destroy();
    const done = finished(source, { writable: false });
    zip.addReadStreamLazy(zipName(name), { compress }, (give) => give(null, source));
    await done;
  }

  async function fill(): Promise<void> {
    const { format } = content;
    zip.addBuffer(Buffer.from("Intentionally empty."), zipName(originPart));
    await add(specPart(format), Readable.from(content.spec, { objectMode: false }), true);
    const files: AasxFile[] = [];
    for (const file of content.files()) {
      await add(file.name, await file.open(), !packed.test(file.contentType));
      files.push(file);
    }
    const parts: readonly (readonly [string, string])[] = [
      ["/[Content_Types].xml", contentTypes(format, files)],
      ["/_rels/.rels", rootRelationships(content.thumbnail())],
      ["/aasx/_rels/aasx-origin.rels", relationships([[relationshipTypes.spec, specPart(format)]])],
      [
        `/aasx/_rels/environment.${format}.rels`,
        relationships(files.map(({ name }) => [relationshipTypes.supplement, name] as const)),
      ],
    ];
    for (const [name, text] of parts) zip.addBuffer(Buffer.from(text), name.slice(1));
    zip.end();
  }

  void fill().catch(fail);
  return out;
}

function rootRelationships(thumbnail: string | undefined): string {
  const origin = [relationshipTypes.origin, originPart] as const;
  return relationships(thumbnail === undefined ? [origin] : [origin, [relationshipTypes.thumbnail, thumbnail]]);
}

function relationships(all: readonly (readonly [string, string])[]): string {
  const lines = all.map(([type, target], index) => {
    return `<Relationship Id="R${index + 1}" Type="${type}" Target="${attribute(escapedName(target))}"/>`;
  });
  const namespace = "http://schemas.openxmlformats.org/package/2006/relationships";
  return `${declaration}<Relationships xmlns="${namespace}">${lines.join("")}</Relationships>`;
}

function contentTypes(format: "json" | "xml", files: readonly AasxFile[]): string {
  const defaults = [
    ["rels", relationshipsType],
    [format, `application/${format}`],
  ].map(([extension, type]) => `<Default Extension="${extension}" ContentType="${type}"/>`);
  const overrides = [{ name: originPart, contentType: "text/plain" }, ...files].map(
    ({ name, contentType }) =>
      `<Override PartName="${attribute(escapedName(name))}" ContentType="${attribute(contentType)}"/>`,
  );
  const namespace = "http://schemas.openxmlformats.org/package/2006/content-types";
  return `${declaration}<Types xmlns="${namespace}">${[...defaults, ...overrides].join("")}</Types>`;
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** A part's name as a URI writes it (ECMA-376-2, 6.2.2.2). */
export function escapedName(name: string): string {
  return encodeURI(name).replace(/[?#]/g, encodeURIComponent);
}

const zipName = (name: string): string => escapedName(name).slice(1);

function attribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
