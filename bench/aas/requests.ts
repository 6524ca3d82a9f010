import { base64url, shellText, submodelId, submodelText } from "./bench-twins.ts";

/** What the load asks for; `number` chooses the twin. */
export interface RequestKind {
  readonly name: string;
  readonly method: string;
  readonly path: (number: number) => string;
  readonly body?: (number: number) => string;
  readonly status: number;
}

const api = "/api/v3.1";
const submodelPath = (number: number): string => `${api}/submodels/${base64url(submodelId(number))}`;
const valuePath = (number: number): string => `${submodelPath(number)}/submodel-elements/Value${number % 20}/$value`;

export const requestKinds = {
  value: { name: "GET $value", method: "GET", path: valuePath, status: 200 },
  patch: {
    name: "PATCH $value",
    method: "PATCH",
    path: valuePath,
    body: (number) => String(1000 + (number % 1000)),
    status: 204,
  },
  submodel: { name: "GET submodel", method: "GET", path: submodelPath, status: 200 },
  post: { name: "POST submodel", method: "POST", path: () => `${api}/submodels`, body: submodelText, status: 201 },
  shells: { name: "GET /shells?limit=100", method: "GET", path: () => `${api}/shells?limit=100`, status: 200 },
  shell: { name: "POST shell", method: "POST", path: () => `${api}/shells`, body: shellText, status: 201 },
} as const satisfies Readonly<Record<string, RequestKind>>;

export type RequestName = keyof typeof requestKinds;

/** One request as bytes. @param path another one than the kind's, for a server with one route */
export function requestBytes(kind: RequestKind, number: number, host: string, path?: string): Buffer {
  const body = kind.body?.(number);
  const content = body === undefined ? "" : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  return Buffer.from(
    `${kind.method} ${path ?? kind.path(number)} HTTP/1.1\r\nhost: ${host}\r\n${content}\r\n${body ?? ""}`,
  );
}
