import { Readable } from "node:stream";
import type { Store } from "../../store/contract.ts";
import { PackageFiles } from "../aasx/package-files.ts";
import { partNamed } from "../aasx/part-name.ts";
import { originPart, specPart, writeAasx } from "../aasx/write-aasx.ts";
import { givingWay } from "../give-way.ts";
import { jsonEnvironment } from "../json/json-environment.ts";
import type { Shell } from "../metamodel/types.ts";
import { xmlEnvironment } from "../xml/xml-environment.ts";
import type { XmlVersion } from "../xml/xml-shapes.ts";
import type { ServiceParts } from "./commit.ts";
import {
  type SelectedDocument,
  type Selection,
  type SelectionSources,
  selectedDocuments,
} from "./selected-documents.ts";
import { shellKind } from "./shell-kind.ts";
import { noSubmodel } from "./submodel-refusals.ts";

export interface SerializationForm {
  /** Alone, or in an AASX package with the files that its documents name (IDTA-01005 v3.1). */
  readonly inPackage: boolean;
  readonly format: "json" | "xml";
  /** The metamodel's version whose namespace XML is in. */
  readonly version: XmlVersion;
}

export interface SerializationService {
  /**
   * An Environment (IDTA-01001 v3.1) as it is made, a document at a time: live values laid over, Blobs with their
   * content. Rejects with `not-found` for an id that is not here; what goes wrong later is the stream's error.
   */
  write(selection: Selection, form: SerializationForm, abort: AbortSignal): Promise<Readable>;
}

/** The parts of the AAS services that are read. */
export interface SerializationParts extends SelectionSources {
  readonly documents: ServiceParts["documents"];
  readonly blobs: Pick<Store["blobs"], "read">;
}

export function createSerializationService(parts: SerializationParts): SerializationService {
  const { documents, blobs } = parts;

  async function checkSelection(selection: Selection): Promise<void> {
    for (const id of selection.shells) {
      if ((await documents.get("shell", id)) === undefined) throw shellKind.notFound(id);
    }
    for (const id of selection.submodels) {
      if ((await documents.get("submodel", id)) === undefined) throw noSubmodel(id);
    }
  }

  function packageOf(selected: AsyncIterable<SelectedDocument>, { format, version }: SerializationForm): Readable {
    const spec = specPart(format);
    const files = new PackageFiles([spec, originPart]);
    let thumbnail: string | undefined;
    /** Documents without files keep their text, which is cheaper than making it anew. */
    async function* packed(): AsyncGenerator<Pick<SelectedDocument, "list" | "text" | "value">> {
      for await (const document of selected) {
        const rows = document.collection === "concept" ? [] : await documents.files(document.collection, document.id);
        if (rows.length === 0) {
          yield document;
          continue;
        }
        const { list } = document;
        const value = files.pack(document.value, rows);
        if (list === "assetAdministrationShells") thumbnail ??= thumbnailOf(value as Shell, spec, files);
        yield { list, value, text: JSON.stringify(value) };
      }
    }
    return writeAasx({
      format,
      spec: format === "json" ? jsonEnvironment(packed()) : xmlEnvironment(packed(), version),
      files: () => [...files.all].map((file) => ({ ...file, open: () => blobs.read(file.digest) })),
      thumbnail: () => thumbnail,
    });
  }

  return {
    async write(selection, form, abort) {
      await checkSelection(selection);
      const selected = givingWay(selectedDocuments(parts, selection, abort));
      if (form.inPackage) return packageOf(selected, form);
      const text = form.format === "json" ? jsonEnvironment(selected) : xmlEnvironment(selected, form.version);
      return Readable.from(text);
    },
  };
}

/** The package shows what its first shell with a picture shows. */
function thumbnailOf(shell: Shell, spec: string, files: PackageFiles): string | undefined {
  const path = shell.assetInformation.defaultThumbnail?.path;
  const name = path === undefined ? undefined : partNamed(path, spec);
  return [...files.all].find((file) => file.name === name)?.name;
}
