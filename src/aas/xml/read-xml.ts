import { SaxesParser } from "saxes";
import { HubError, type Problem } from "../../core/errors.ts";
import { decodedText } from "../decoded-text.ts";
import { XmlBuilder, type XmlIdentifiable } from "./xml-builder.ts";
import { namespaces } from "./xml-shapes.ts";

export interface XmlLimits {
  /** Bytes of the whole file. */
  readonly bytes: number;
  /** Characters of one shell, submodel or concept description. */
  readonly document: number;
  /** Elements of one of them. */
  readonly elements: number;
  /** Elements within elements. */
  readonly depth: number;
}

export const defaultXmlLimits: XmlLimits = { bytes: 2 ** 30, document: 64 * 2 ** 20, elements: 1_000_000, depth: 200 };

/** Characters that may stand before the root element: a document type or a comment without an end is no reason to wait. */
const prologBound = 64 * 1024;
const ownNamespaces: readonly string[] = Object.values(namespaces);
const schemaInstance = "http://www.w3.org/2001/XMLSchema-instance";
const xmlnsNamespace = "http://www.w3.org/2000/xmlns/";
const xmlNamespace = "http://www.w3.org/XML/1998/namespace";

/**
 * The shells, submodels and concept descriptions of an Environment in XML (IDTA-01001 v3.1, namespaces of 3.1 and 3.0),
 * one after the other and never all at once. Document types are refused and with them every entity but XML's own five.
 * @param stray told at the end what stands beside them and does not belong there; without it that is an error too
 * @throws HubError `malformed` with `line:column path` of what is no XML or no Environment, `too-large` past a limit
 */
export async function* readXmlEnvironment(
  source: AsyncIterable<Uint8Array>,
  limits: XmlLimits = defaultXmlLimits,
  stray: (problems: readonly Problem[]) => void = refuseStray,
): AsyncGenerator<XmlIdentifiable> {
  const builder = new XmlBuilder();
  const state = { characters: 0, began: false };
  const parser = listeningParser(builder, limits, state);
  let read = 0;
  for await (const text of decodedText(source, limits.bytes)) {
    read += text.length;
    state.characters += text.length;
    parser.write(text);
    yield* builder.take();
    if (!state.began && read > prologBound) throw malformed(parser, builder, `no element in ${prologBound} characters`);
    if (state.characters > limits.document) {
      const message = `one document is larger than ${limits.document} characters`;
      throw placed("too-large", parser, builder, message, "smaller documents");
    }
  }
  parser.close();
  yield* builder.take();
  if (builder.problems.length > 0) stray(builder.problems);
}

function refuseStray(problems: readonly Problem[]): never {
  throw new HubError("malformed", "the XML holds what an Environment does not", { problems });
}

interface Progress {
  /** Of the document that is open, or since the last tag between documents. */
  characters: number;
  began: boolean;
}

function listeningParser(builder: XmlBuilder, limits: XmlLimits, state: Progress): SaxesParser<{ xmlns: true }> {
  const parser = new SaxesParser({ xmlns: true });
  let namespace: string | undefined;
  let start = { line: 1, column: 0 };
  parser.on("error", (error) => {
    throw malformed(parser, builder, error.message.replace(/^[^ ]*\d+:\d+: /, ""), error);
  });
  parser.on("doctype", () => {
    throw malformed(
      parser,
      builder,
      "a document type (DOCTYPE) is not read",
      undefined,
      "XML without DOCTYPE, entities",
    );
  });
  parser.on("xmldecl", ({ encoding = "UTF-8", version }) => {
    if (version === "1.1") throw malformed(parser, builder, "XML 1.1 is not read", undefined, "XML 1.0");
    if (!/^(?:utf-?8|utf-?16(?:le|be)?|us-ascii|ascii)$/i.test(encoding)) {
      throw malformed(parser, builder, `the encoding ${encoding} is not read`, undefined, "UTF-8 or UTF-16");
    }
  });
  parser.on("opentagstart", () => {
    start = { line: parser.line, column: parser.column };
  });
  parser.on("opentag", ({ local, uri, attributes }) => {
    const { line, column } = start;
    state.began = true;
    if (builder.depth >= limits.depth) {
      throw placed("too-large", parser, builder, `elements nest deeper than ${limits.depth}`, "a flatter document");
    }
    if (builder.elements > limits.elements) {
      const message = `one document has more than ${limits.elements} elements`;
      throw placed("too-large", parser, builder, message, "smaller documents");
    }
    if (!builder.within) state.characters = 0;
    if (namespace === undefined) {
      namespace = rootNamespace(local, uri, parser, builder);
      builder.open(local, line, column);
    } else if (uri === namespace) builder.open(local, line, column);
    else {
      const message = uri === "" ? `${local} is in no namespace` : `${local} is of the namespace ${uri}`;
      builder.openForeign(local, line, column, message, `the namespace ${namespace}`);
    }
    for (const attribute of Object.values(attributes)) {
      if (![xmlnsNamespace, schemaInstance, xmlNamespace].includes(attribute.uri) && attribute.name !== "xmlns") {
        builder.foreignAttribute(attribute.name, line, column);
      }
    }
  });
  parser.on("text", (text) => builder.text(text, parser.line, parser.column));
  parser.on("cdata", (text) => builder.text(text, parser.line, parser.column));
  parser.on("closetag", () => {
    builder.close();
    if (!builder.within) state.characters = 0;
  });
  return parser;
}

function rootNamespace(local: string, uri: string, parser: SaxesParser<{ xmlns: true }>, builder: XmlBuilder): string {
  if (local === "environment" && ownNamespaces.includes(uri)) return uri;
  const older = /^http:\/\/www\.admin-shell\.io\/aas\/([12])\//.exec(uri);
  const found = older === null ? `<${local}> of the namespace "${uri}"` : `a file of the metamodel V${older[1]}`;
  const expected = `<environment xmlns="${ownNamespaces.join('"> or <environment xmlns="')}">`;
  throw malformed(parser, builder, `the root is ${found}`, undefined, expected);
}

function malformed(
  parser: SaxesParser<{ xmlns: true }>,
  builder: XmlBuilder,
  message: string,
  cause?: unknown,
  expected = "well-formed XML 1.0",
): HubError {
  return placed("malformed", parser, builder, message, expected, cause);
}

function placed(
  code: "malformed" | "too-large",
  { line, column }: { readonly line: number; readonly column: number },
  builder: XmlBuilder,
  message: string,
  expected: string,
  cause?: unknown,
): HubError {
  const place = `${line}:${column} ${builder.here}`;
  return new HubError(code, `the XML cannot be read: ${message}`, { cause, problems: [{ place, message, expected }] });
}
