import { contentType } from "../validation/common-shapes.ts";
import { Report } from "../validation/report.ts";

/** What says nothing about the content. */
export const unknownType = "application/octet-stream";

/** By extension, what machines are described with (IANA, "Media Types"). */
const types: Readonly<Record<string, string>> = {
  aasx: "application/asset-administration-shell-package",
  avif: "image/avif",
  bmp: "image/bmp",
  csv: "text/csv",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  dwg: "image/vnd.dwg",
  dxf: "image/vnd.dxf",
  gif: "image/gif",
  glb: "model/gltf-binary",
  gltf: "model/gltf+json",
  gz: "application/gzip",
  htm: "text/html",
  html: "text/html",
  ico: "image/vnd.microsoft.icon",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  json: "application/json",
  jsonld: "application/ld+json",
  md: "text/markdown",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  odt: "application/vnd.oasis.opendocument.text",
  pdf: "application/pdf",
  png: "image/png",
  ppt: "application/vnd.ms-powerpoint",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  rtf: "application/rtf",
  step: "model/step",
  stl: "model/stl",
  stp: "model/step",
  svg: "image/svg+xml",
  tif: "image/tiff",
  tiff: "image/tiff",
  txt: "text/plain",
  wav: "audio/vnd.wave",
  webm: "video/webm",
  webp: "image/webp",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml",
  zip: "application/zip",
};

/** A file's media type: as its sender says, else by its name's extension, else `application/octet-stream`. */
export function mediaTypeOf(said: string | undefined, fileName: string): string {
  if (said !== undefined && said !== unknownType && isMediaType(said)) return said;
  const extension = /\.([A-Za-z0-9]{1,10})$/.exec(fileName)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(types, extension) ? (types[extension] ?? unknownType) : unknownType;
}

/** As the metamodel has it, ContentType. */
export function isMediaType(text: string): boolean {
  const report = new Report();
  contentType(text, "", report);
  return report.problems.length === 0;
}
