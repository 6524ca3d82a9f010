import type { NewFile, NewPart } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Mutation } from "../../core/mutation.ts";
import type { CommitUnit } from "../contract.ts";
import { checkText } from "./text-check.ts";

/** UTF-16 units of one body: far above what a client may send, far below what SQLite can hold. */
const LONGEST_BODY = 64 * 1024 * 1024;

/** Throws `invalid` or `too-large` for text that cannot be kept; samples are checked where they are encoded. */
export function checkUnit({ mutations = [], deliveries = [] }: CommitUnit): void {
  for (const mutation of mutations) checkMutation(mutation);
  for (const { target, kind, body } of deliveries) {
    checkText(target, "target");
    checkText(kind, "kind");
    checkBody(body);
  }
}

function checkMutation(mutation: Mutation): void {
  switch (mutation.kind) {
    case "document.delete":
    case "part.delete":
    case "file.delete":
      return;
    case "part.put":
      checkPart(mutation.part);
      break;
    case "file.put":
      checkFile(mutation.file);
      break;
    default:
      checkDocument(mutation);
  }
}

function checkDocument(mutation: Extract<Mutation, { kind: "document.put" | "document.patch" }>): void {
  const document = mutation.kind === "document.put" ? mutation.document : mutation;
  checkText(document.id, "id");
  checkBody(document.body);
  for (const [name, values] of Object.entries(document.keys ?? {})) {
    checkText(name, "keys");
    for (const value of values) checkText(value, name);
  }
  if (mutation.kind !== "document.put") return;
  const seen = new Set<string>();
  for (const part of mutation.parts) {
    checkPart(part);
    if (seen.has(part.key)) throw new HubError("invalid", `two parts have the key ${part.key}`);
    seen.add(part.key);
  }
}

function checkPart({ key, parent, name, kind, body, text }: NewPart): void {
  checkText(key, "key");
  if (parent !== undefined) checkText(parent, "parent");
  checkText(name, "name");
  checkText(kind, "kind");
  checkBody(body);
  if (text !== undefined) checkText(text, key);
}

function checkFile({ name, contentType }: NewFile): void {
  checkText(name, "name");
  checkText(contentType, "contentType");
}

export function checkBody(body: string | undefined): void {
  if (body === undefined) return;
  if (body.length > LONGEST_BODY) throw new HubError("too-large", `a body of ${body.length} characters is too large`);
  checkText(body, "body");
}
