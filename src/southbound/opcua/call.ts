import type { CallMethodResult, CallResponse, Variant } from "node-opcua-client";
import type { ArgumentValues } from "../../core/browse.ts";
import { HubError, type Problem } from "../../core/errors.ts";
import { nearestWord } from "../../core/nearest-word.ts";
import type { Value } from "../../core/value.ts";
import { BuiltIn, decodeVariant } from "./decode.ts";
import { encodeValue } from "./encode.ts";
import { refused } from "./errors.ts";
import type { OpcuaLibrary } from "./library.ts";
import type { DeclaredArgument, MethodDefinition } from "./method-definitions.ts";
import type { RawSession } from "./raw-session.ts";
import { codeName } from "./status.ts";

/** The input arguments in the method's order and types. @throws HubError `invalid` with all that does not fit */
export function encodeArguments(tag: string, { inputs }: MethodDefinition, values: ArgumentValues) {
  const problems: Problem[] = [];
  const names = inputs.map(({ name }) => name);
  for (const name of Object.keys(values)) {
    if (names.includes(name)) continue;
    const near = nearestWord(name, names);
    const expected = near ?? (names.length === 0 ? "none" : names.join(", "));
    problems.push({ place: name, message: `${tag} has no argument ${name}`, expected });
  }
  const encoded = inputs.map((argument) => {
    const value = values[argument.name];
    if (value === undefined) {
      problems.push({ place: argument.name, message: `${tag} needs the argument ${argument.name}` });
      return undefined;
    }
    try {
      return encodeArgument(argument, value);
    } catch (thrown) {
      const { code, message } = HubError.from(thrown);
      if (code !== "invalid" && code !== "unsupported") throw thrown;
      problems.push({ place: argument.name, message: `${argument.name}: ${message}` });
      return undefined;
    }
  });
  if (problems.length > 0) {
    throw new HubError("invalid", `${tag} does not take these arguments`, { problems });
  }
  return encoded.filter((one) => one !== undefined);
}

function encodeArgument({ builtIn, rank, list }: DeclaredArgument, value: Value) {
  if (Array.isArray(value) !== list && (list || rank === -1)) {
    throw new HubError("invalid", `${list ? "an array is" : "a single value is"} expected`);
  }
  return encodeValue(value, builtIn ?? builtInOf(value));
}

/** An argument of any type takes the type of what it is given. */
function builtInOf(value: Value): number {
  const one = Array.isArray(value) ? value[0] : value;
  if (typeof one === "boolean") return BuiltIn.Boolean;
  if (typeof one === "bigint") return BuiltIn.Int64;
  return typeof one === "number" ? BuiltIn.Double : BuiltIn.String;
}

/** One Call (OPC 10000-4, 5.12.2) with a time of its own: methods may take longer than reads and writes. */
export function sendCall(
  session: RawSession,
  library: OpcuaLibrary,
  { object, method }: MethodDefinition,
  inputArguments: readonly Variant[],
  timeout: number,
): Promise<CallMethodResult> {
  const request = new library.client.CallRequest({
    requestHeader: { timeoutHint: timeout },
    methodsToCall: [{ objectId: object, methodId: method, inputArguments: [...inputArguments] }],
  });
  return new Promise((resolve, reject) => {
    session.performMessageTransaction(request, (error, response) => {
      const result = (response as CallResponse | undefined)?.results?.[0];
      if (error) reject(error);
      else if (result === undefined) reject(new HubError("device-refused", "the server gave no result for the call"));
      else resolve(result);
    });
  });
}

/** @throws HubError where the server refused: with its code, and with what it says of single arguments */
export function resultOf(tag: string, { inputs, outputs }: MethodDefinition, result: CallMethodResult): ArgumentValues {
  const { statusCode } = result;
  if (statusCode.isBad()) {
    const { code, message, deviceCode } = refused(tag, statusCode);
    const problems = (result.inputArgumentResults ?? []).flatMap((one, index): Problem[] => {
      const name = inputs[index]?.name ?? `argument ${index + 1}`;
      return one.isBad() ? [{ place: name, message: `${name}: ${codeName(one)} (${one.description})` }] : [];
    });
    const kept = code === "device-timeout" || code === "unreachable" || code === "overloaded";
    throw new HubError(kept ? code : "device-refused", message, {
      problems,
      ...(deviceCode === undefined ? {} : { deviceCode }),
    });
  }
  const given = result.outputArguments ?? [];
  return Object.fromEntries(outputs.map(({ name }, index) => [name, decodeVariant(given[index])]));
}
