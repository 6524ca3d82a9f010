import type { EndpointDescription } from "node-opcua-client";
import { HubError } from "../../core/errors.ts";
import { type OpcuaSettings, type SecurityPolicyName, securityPolicies } from "./config.ts";

export interface ChosenEndpoint {
  readonly policy: SecurityPolicyName;
  readonly policyUri: string;
  readonly mode: "None" | "Sign" | "SignAndEncrypt";
  readonly certificate: Uint8Array | undefined;
  /** Whether a password would cross the network readable by all. */
  readonly passwordInClear: boolean;
}

/** Numbers of MessageSecurityMode (OPC 10000-4, 7.20). */
const MODES = ["Invalid", "None", "Sign", "SignAndEncrypt"] as const;
/** Of UserTokenType (OPC 10000-4, 7.43). */
const ANONYMOUS = 0;
const USER_NAME = 1;

/** Picks one of the endpoints that the server offers. `unreachable`, saying what is offered, where none fits. */
export function chooseEndpoint(offered: readonly EndpointDescription[], settings: OpcuaSettings): ChosenEndpoint {
  const known = offered.flatMap(describe);
  const wantsUser = settings.user !== undefined;
  const fitting = known
    .filter(({ policy }) => settings.security === "auto" || policy === settings.security)
    .filter(({ policy, mode }) => policy === "None" || mode === settings.mode || settings.security === "auto");
  const usable = fitting.filter(({ tokens }) => tokens.includes(wantsUser ? USER_NAME : ANONYMOUS));
  if (usable.length === 0) {
    const login = wantsUser ? "a user name" : "an anonymous session";
    const wish = settings.security === "auto" ? "a known policy" : `${settings.security}, ${settings.mode}`;
    const why = fitting.length > 0 ? `${login} is not accepted there` : `none offers ${wish}`;
    throw new HubError("unreachable", `no endpoint of ${settings.endpoint} fits: ${why}; offered: ${list(known)}`);
  }
  return usable.reduce((best, one) => (strength(one, settings) > strength(best, settings) ? one : best));
}

/**
 * With `auto` somebody on the network could make us talk in clear by hiding the better endpoints: `untrusted` where the
 * server was trusted before, or where a password would be readable.
 */
export function refuseDowngrade(chosen: ChosenEndpoint, settings: OpcuaSettings, trustsAny: boolean): void {
  if (settings.security !== "auto" || chosen.mode !== "None") return;
  const meant = "set security: None if that is meant";
  if (trustsAny) throw new HubError("untrusted", `the server no longer offers protected messages; ${meant}`);
  if (settings.user !== undefined && chosen.passwordInClear) {
    throw new HubError("untrusted", `the password would cross the network in clear; ${meant}`);
  }
}

interface DescribedEndpoint extends ChosenEndpoint {
  readonly tokens: readonly number[];
}

function describe(endpoint: EndpointDescription): DescribedEndpoint[] {
  const policyUri = endpoint.securityPolicyUri ?? "";
  const policy = securityPolicies.find((name) => policyUri.endsWith(`#${name}`));
  const mode = MODES[endpoint.securityMode] ?? "Invalid";
  if (policy === undefined || mode === "Invalid") return [];
  if (endpoint.transportProfileUri !== null && !/uatcp/i.test(endpoint.transportProfileUri)) return [];
  const tokens = endpoint.userIdentityTokens ?? [];
  const userToken = tokens.find(({ tokenType }) => tokenType === USER_NAME);
  const tokenPolicy = userToken?.securityPolicyUri ?? "";
  const tokenClear = tokenPolicy === "" ? policy === "None" : tokenPolicy.endsWith("#None");
  const certificate = endpoint.serverCertificate?.length ? endpoint.serverCertificate : undefined;
  return [
    {
      policy,
      policyUri,
      mode,
      certificate,
      passwordInClear: tokenClear && mode !== "SignAndEncrypt",
      tokens: tokens.map(({ tokenType }) => tokenType),
    },
  ];
}

function strength(endpoint: ChosenEndpoint, { mode }: OpcuaSettings): number {
  const wished = endpoint.mode === mode ? 2 : endpoint.mode === "None" ? 0 : 1;
  return wished * securityPolicies.length + securityPolicies.indexOf(endpoint.policy);
}

function list(endpoints: readonly ChosenEndpoint[]): string {
  return endpoints.map(({ policy, mode }) => `${policy}/${mode}`).join(", ") || "nothing that is known";
}
