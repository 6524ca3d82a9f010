import { HubError } from "../../core/errors.ts";

const EXTENSION = ".sqlite";
const LONGEST = 200;
/** Names that Windows gives to devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * The file name of a tenant: small letters, digits, `-` and `_` are themselves, every other octet is `~` and two hex
 * digits. So no name leaves the folder and none meets another on a disk that does not tell capitals from small letters.
 */
export function tenantFile(tenant: string): string {
  if (tenant === "" || !tenant.isWellFormed()) throw refusal(tenant, "is empty or not well-formed");
  const name = [...Buffer.from(tenant, "utf8")].map((octet) => encodeOctet(octet)).join("");
  if (name.length > LONGEST) throw refusal(tenant, "is too long");
  return (DEVICE.test(name) ? `~${hex(name.charCodeAt(0))}${name.slice(1)}` : name) + EXTENSION;
}

/** The tenant whose file this is; undefined for a file that is no tenant's. */
export function tenantOf(file: string): string | undefined {
  if (!file.endsWith(EXTENSION)) return undefined;
  const name = file.slice(0, -EXTENSION.length);
  if (!/^(?:[a-z0-9_-]|~[0-9a-f]{2})+$/.test(name)) return undefined;
  const octets = name.match(/~[0-9a-f]{2}|./g) ?? [];
  const bytes = octets.map((octet) => (octet.length > 1 ? Number.parseInt(octet.slice(1), 16) : octet.charCodeAt(0)));
  return Buffer.from(bytes).toString("utf8");
}

function encodeOctet(octet: number): string {
  const character = String.fromCharCode(octet);
  return /[a-z0-9_-]/.test(character) ? character : `~${hex(octet)}`;
}

const hex = (octet: number): string => octet.toString(16).padStart(2, "0");

function refusal(tenant: string, what: string): HubError {
  return new HubError("invalid", `the tenant name ${JSON.stringify(tenant.slice(0, 60))} ${what}`);
}
