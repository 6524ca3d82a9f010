import { type AasRoom, type Answer, b64, openAasRoom } from "./aas-room.ts";
import { type FilePart, formOf, sendForm } from "./send-form.ts";

export const submodel = "urn:test:manuals";
export const elements = [
  { modelType: "File", idShort: "Manual", contentType: "application/pdf" },
  { modelType: "File", idShort: "Drawing" },
  { modelType: "File", idShort: "Elsewhere", value: "https://example.org/manual.pdf", contentType: "application/pdf" },
  { modelType: "File", idShort: "Promised", value: "/aasx/files/promised.pdf", contentType: "application/pdf" },
  { modelType: "Blob", idShort: "Small", value: "QUJD", contentType: "text/plain" },
  { modelType: "Property", idShort: "Serial", valueType: "xs:string", value: "1" },
  {
    modelType: "SubmodelElementList",
    idShort: "Pages",
    typeValueListElement: "File",
    value: [{ modelType: "File" }, { modelType: "File" }],
  },
  {
    modelType: "Operation",
    idShort: "Print",
    inputVariables: [{ value: { modelType: "File", idShort: "Paper", value: "/aasx/files/paper.pdf" } }],
  },
];
export const at = (path: string): string => `/submodels/${b64(submodel)}/submodel-elements/${path}`;
export const attachment = (path: string): string => `${at(path)}/attachment`;

/** A room with a submodel of Files, and other elements, and ways to upload to them. */
export async function openManualsRoom() {
  const room: AasRoom = await openAasRoom();
  await room.call("POST", "/submodels", { modelType: "Submodel", id: submodel, submodelElements: elements });
  const send = (path: string, body: FormData | string, headers: Record<string, string> = {}): Promise<Answer> =>
    sendForm(room, "PUT", path, body, headers);
  return {
    ...room,
    send,
    upload: (path: string, file: FilePart, fileName?: string, headers: Record<string, string> = {}): Promise<Answer> =>
      send(attachment(path), formOf(file, fileName === undefined ? {} : { fileName }), headers),
    /** As simple clients do: a part without file name and type. */
    unnamed: (path: string, content: string): Promise<Answer> =>
      send(attachment(path), `--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n${content}\r\n--x--\r\n`, {
        "content-type": "multipart/form-data; boundary=x",
      }),
    /** Of the stored files of the submodel. */
    namesOf: async (): Promise<readonly string[]> =>
      (await room.store.documents.files("submodel", submodel)).map(({ name }) => name),
    fileOf: async (path: string): Promise<unknown> => (await room.call("GET", at(path))).body.value,
  };
}

export type ManualsRoom = Awaited<ReturnType<typeof openManualsRoom>>;
