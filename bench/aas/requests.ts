import type { RequestKinds } from "../load/request.ts";
import { base64url, shellText, submodelId, submodelText } from "./bench-twins.ts";

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
} as const satisfies RequestKinds;

export type RequestName = keyof typeof requestKinds;
