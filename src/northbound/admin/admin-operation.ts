import { HubError } from "../../core/errors.ts";
import type { ApiRequest, ApiResponse, Operation } from "../operation-types.ts";

/** A parameter of a query: a whole number within bounds. */
export interface NumberParameter {
  readonly name: string;
  readonly description: string;
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

/** A parameter of a query: one of these words, the first where it is left out. */
export interface ChoiceParameter<T extends string = string> {
  readonly name: string;
  readonly description: string;
  readonly choices: readonly [T, ...T[]];
}

/** A parameter of a query: any text. */
export interface TextParameter {
  readonly name: string;
  readonly description: string;
}

export type AdminParameter = NumberParameter | ChoiceParameter | TextParameter;

/** An operation of the hub's own APIs, with what its OpenAPI document says of it. */
export interface AdminOperation extends Operation {
  readonly summary: string;
  readonly query: readonly AdminParameter[];
  /** Status of success, where the method does not tell. */
  readonly gives?: "200";
}

type Handler = (request: ApiRequest) => Promise<ApiResponse> | ApiResponse;

const clause = "Twinweave admin API";

export function look(
  name: string,
  path: string,
  summary: string,
  handle: Handler,
  query: readonly NumberParameter[] = [],
) {
  return { name, method: "GET", path, clause, right: "read", summary, query, handle } satisfies AdminOperation;
}

export function change(name: string, path: string, summary: string, handle: Handler) {
  const bodyLimit = 64 * 1024;
  return {
    name,
    method: "POST",
    path,
    clause,
    right: "admin",
    summary,
    query: [],
    bodyLimit,
    handle,
  } satisfies AdminOperation;
}

/** @throws HubError `malformed` for anything but one of the choices */
export function choiceOf<T extends string>(query: URLSearchParams, { name, choices }: ChoiceParameter<T>): T {
  const text = query.get(name) ?? choices[0];
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  const problem = { place: name, message: `was ${text}`, expected: `one of ${choices.join(", ")}` };
  throw new HubError("malformed", `${name} is none of its choices: ${text}`, { problems: [problem] });
}

/** @throws HubError `malformed` for anything but a whole number within its bounds */
export function numberOf(query: URLSearchParams, { name, min, max, fallback }: NumberParameter): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  const problem = { place: name, message: `was ${text}`, expected: `a whole number from ${min} to ${max}` };
  throw new HubError("malformed", `${name} is no such number: ${text}`, { problems: [problem] });
}
