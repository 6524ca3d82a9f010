import type { AasRoom, Answer } from "./aas-room.ts";

/** A file of a form; without a name or a type its part says none, as far as a form can. */
export interface FilePart {
  readonly content: string | Uint8Array<ArrayBuffer>;
  readonly name?: string;
  readonly type?: string;
}

/** A form as IDTA-01002 has it: a part `file`, and fields beside it. */
export function formOf(
  { content, name, type }: FilePart,
  fields: Readonly<Record<string, string | readonly string[]>> = {},
) {
  const form = new FormData();
  for (const [field, values] of Object.entries(fields)) for (const value of [values].flat()) form.append(field, value);
  form.append("file", new Blob([content], type === undefined ? {} : { type }), name ?? "upload");
  return form;
}

/** Sends a body as it is, beside `room.call`, which sends JSON. */
export async function sendForm(
  room: AasRoom,
  method: string,
  path: string,
  body: FormData | string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(path.startsWith("http") ? path : `${room.base}${path}`, { method, headers, body });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}
