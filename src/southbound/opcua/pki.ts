import { X509Certificate } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { OPCUACertificateManager } from "node-opcua-certificate-manager";
import { HubError } from "../../core/errors.ts";
import type { OfferedCertificate, TrustInbox } from "../contract.ts";
import { loadLibrary } from "./library.ts";

const APPLICATION = "Twinweave";

/** What the server shows is kept here until somebody decides; a hostile server must not fill the disk. */
const MAX_REJECTED = 50;

/** The source's own certificate, and those of its server that are trusted or wait for a decision, as files. */
export class Pki implements TrustInbox {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes key and certificate at first use. Read anew each time, so that another process may trust, too. */
  async open(): Promise<OPCUACertificateManager> {
    const { pki } = await loadLibrary();
    const manager = new pki.OPCUACertificateManager({
      rootFolder: this.#folder,
      automaticallyAcceptUnknownCertificate: false,
      // Watchers would outlive the session; each connect reads the folders.
      disableFileWatchers: true,
    });
    await manager.initialize();
    return manager;
  }

  get certificateFile(): string {
    return join(this.#folder, "own/certs/client_certificate.pem");
  }

  get privateKeyFile(): string {
    return join(this.#folder, "own/private/private_key.pem");
  }

  readonly applicationName = APPLICATION;

  /** The URI in the certificate: it stays although the host is renamed, or servers would not know us again. */
  async applicationUri(): Promise<string> {
    const pem = await unlessMissing(readFile(this.certificateFile, "utf8"));
    const named = pem && /URI:([^,]+)/.exec(new X509Certificate(pem).subjectAltName ?? "")?.[1];
    return named ?? `urn:${hostname()}:${APPLICATION}`;
  }

  /** `untrusted`, naming the thumbprint to trust, unless the certificate (chain) is trusted and valid. */
  async check(manager: OPCUACertificateManager, certificate: Uint8Array): Promise<void> {
    const { client } = await loadLibrary();
    // A server with a certificate of an authority shows the whole chain, one DER behind the other, its own first.
    const chain = client.crypto_utils.split_der(Buffer.from(certificate));
    const [own] = chain;
    if (own === undefined) throw new HubError("untrusted", "the server shows no certificate");
    const status = await manager.checkCertificate(chain);
    if (status.value === 0) return;
    await this.#forgetOldest();
    const shown = describe(new X509Certificate(own), "rejected");
    throw new HubError(
      "untrusted",
      `the server's certificate ${shown.thumbprint} (${shown.subject}) is not trusted: ${status.name}`,
    );
  }

  async list(): Promise<readonly OfferedCertificate[]> {
    const [rejected, trusted] = await Promise.all([this.#read("rejected"), this.#read("trusted")]);
    return [...rejected, ...trusted].map(({ certificate, state }) => describe(certificate, state));
  }

  async trust(thumbprint: string): Promise<void> {
    const { certificate } = await this.#find(thumbprint);
    const manager = await this.open();
    try {
      await manager.trustCertificate(certificate.raw);
    } finally {
      await manager.dispose();
    }
  }

  async reject(thumbprint: string): Promise<void> {
    const { certificate } = await this.#find(thumbprint);
    const manager = await this.open();
    try {
      await manager.rejectCertificate(certificate.raw);
    } finally {
      await manager.dispose();
    }
  }

  /** Whether a certificate was ever trusted: then an unprotected session is a step back. */
  async trustsAny(): Promise<boolean> {
    return (await this.#read("trusted")).length > 0;
  }

  async #find(thumbprint: string): Promise<StoredCertificate> {
    const wanted = thumbprint.replaceAll(":", "").toLowerCase();
    const known = [...(await this.#read("rejected")), ...(await this.#read("trusted"))];
    const found = known.find(({ certificate }) => thumbprintOf(certificate) === wanted);
    if (found === undefined) throw new HubError("not-found", `no certificate with the thumbprint ${wanted} was shown`);
    return found;
  }

  async #read(state: "rejected" | "trusted"): Promise<StoredCertificate[]> {
    const folder = join(this.#folder, state === "rejected" ? "rejected" : "trusted/certs");
    const names = (await unlessMissing(readdir(folder))) ?? [];
    const files = names.filter((name) => /\.(pem|der|crt)$/i.test(name)).map((name) => join(folder, name));
    return Promise.all(
      files.map(async (file) => ({ file, state, certificate: new X509Certificate(await readFile(file)) })),
    );
  }

  async #forgetOldest(): Promise<void> {
    const rejected = await this.#read("rejected");
    if (rejected.length <= MAX_REJECTED) return;
    rejected.sort((a, b) => a.certificate.validFromDate.getTime() - b.certificate.validFromDate.getTime());
    await Promise.all(rejected.slice(0, rejected.length - MAX_REJECTED).map(({ file }) => rm(file, { force: true })));
  }
}

interface StoredCertificate {
  readonly file: string;
  readonly state: "rejected" | "trusted";
  readonly certificate: X509Certificate;
}

function thumbprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint.replaceAll(":", "").toLowerCase();
}

function describe(certificate: X509Certificate, state: "rejected" | "trusted"): OfferedCertificate {
  return {
    thumbprint: thumbprintOf(certificate),
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
    state,
  };
}

function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ");
}

async function unlessMissing<Result>(reading: Promise<Result>): Promise<Result | undefined> {
  try {
    return await reading;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw thrown;
  }
}
