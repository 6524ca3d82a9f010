import { expect } from "chai";
import type { EndpointDescription } from "node-opcua-client";
import { HubError } from "../../../src/core/errors.ts";
import { opcuaSettings } from "../../../src/southbound/opcua/config.ts";
import { chooseEndpoint, refuseDowngrade } from "../../../src/southbound/opcua/endpoint.ts";

const MODE = { None: 1, Sign: 2, SignAndEncrypt: 3 } as const;
const TOKEN = { anonymous: 0, user: 1 } as const;

function offer(
  policy: string,
  mode: keyof typeof MODE,
  tokens: (keyof typeof TOKEN)[] = ["anonymous"],
  tokenPolicy = "",
) {
  return {
    securityPolicyUri: `http://opcfoundation.org/UA/SecurityPolicy#${policy}`,
    securityMode: MODE[mode],
    transportProfileUri: "http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary",
    serverCertificate: Buffer.from([1]),
    userIdentityTokens: tokens.map((token) => ({ tokenType: TOKEN[token], securityPolicyUri: tokenPolicy })),
  } as unknown as EndpointDescription;
}

const settings = (extra: Partial<Parameters<typeof opcuaSettings>[0]> = {}) =>
  opcuaSettings({ endpoint: "opc.tcp://plant:4840", ...extra });

describe("opcua endpoint choice", () => {
  const offered = [
    offer("None", "None"),
    offer("Basic256Sha256", "Sign"),
    offer("Basic256Sha256", "SignAndEncrypt"),
    offer("Aes256_Sha256_RsaPss", "Sign"),
    offer("Basic256", "SignAndEncrypt"),
  ];

  it("auto takes encryption over a newer policy that only signs", () => {
    expect(chooseEndpoint(offered, settings())).to.include({ policy: "Basic256Sha256", mode: "SignAndEncrypt" });
  });

  it("auto signs where only that is wished, with the strongest policy", () => {
    expect(chooseEndpoint(offered, settings({ mode: "Sign" }))).to.include({
      policy: "Aes256_Sha256_RsaPss",
      mode: "Sign",
    });
  });

  it("takes a named policy and mode, or says what is offered", () => {
    expect(chooseEndpoint(offered, settings({ security: "None" })).mode).to.equal("None");
    expect(() => chooseEndpoint(offered, settings({ security: "Aes256_Sha256_RsaPss" }))).to.throw(
      HubError,
      "Aes256_Sha256_RsaPss/Sign",
    );
  });

  it("passes over an endpoint that does not take the login", () => {
    const mixed = [offer("Basic256Sha256", "SignAndEncrypt", ["user"]), offer("None", "None")];
    expect(chooseEndpoint(mixed, settings()).policy).to.equal("None");
    expect(chooseEndpoint(mixed, settings({ user: "op" })).policy).to.equal("Basic256Sha256");
    expect(() => chooseEndpoint([mixed[1] as EndpointDescription], settings({ user: "op" }))).to.throw("user name");
  });

  it("auto does not step back from a server that was trusted, nor show a password", () => {
    const bare = offer("None", "None", ["anonymous", "user"]);
    const sealed = offer("None", "None", ["user"], "http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256");
    const choose =
      (one: EndpointDescription, user?: string, trusts = false) =>
      () => {
        const wish = settings(user === undefined ? {} : { user });
        refuseDowngrade(chooseEndpoint([one], wish), wish, trusts);
      };
    expect(choose(bare)).not.to.throw();
    expect(choose(bare, undefined, true)).to.throw(HubError, "no longer");
    expect(choose(bare, "op")).to.throw(HubError, "in clear");
    expect(choose(sealed, "op")).not.to.throw();
    const meant = settings({ security: "None", user: "op" });
    expect(() => refuseDowngrade(chooseEndpoint([bare], meant), meant, true)).not.to.throw();
  });
});
