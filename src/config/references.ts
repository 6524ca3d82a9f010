import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

/** `${env:NAME}`, `${file:/path}`, and `$${` for a literal `${`. */
const REFERENCE = /\$\$\{|\$\{([^}]*)\}/g;
const LARGEST_FILE = 65_536;

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Folder that `${file:…}` paths start from. */
  readonly base: string;
}

export interface ReferenceProblem {
  readonly message: string;
  readonly expected: string;
}

export type Resolved = { readonly text: string; readonly foreign: boolean } | { readonly problem: ReferenceProblem };

export function holdsReference(text: string): boolean {
  return text.includes("${");
}

/** The text with its references replaced; `foreign` where there was one. One trailing line break of a file is dropped. */
export async function resolveReferences(text: string, surroundings: Surroundings): Promise<Resolved> {
  let result = "";
  let end = 0;
  let foreign = false;
  for (const match of text.matchAll(REFERENCE)) {
    result += text.slice(end, match.index);
    end = match.index + match[0].length;
    if (match[1] === undefined) {
      result += "${";
      continue;
    }
    const value = await lookUp(match[1], surroundings);
    if (typeof value !== "string") return { problem: value };
    result += value;
    foreign = true;
  }
  return { text: result + text.slice(end), foreign };
}

async function lookUp(reference: string, { env, base }: Surroundings): Promise<string | ReferenceProblem> {
  const [kind, ...rest] = reference.split(":");
  const name = rest.join(":");
  if (kind === "env" && name !== "") {
    return env[name] ?? { message: `the environment variable ${name} is not set`, expected: `set ${name}` };
  }
  if (kind === "file" && name !== "") return readSecret(resolve(base, name));
  return {
    message: `\${${reference}} is no reference`,
    expected: `\${env:NAME} or \${file:/path}, or $\${ for the characters themselves`,
  };
}

async function readSecret(file: string): Promise<string | ReferenceProblem> {
  try {
    const text = await readFile(file, "utf8");
    if (text.length <= LARGEST_FILE) return text.replace(/\r?\n$/, "");
    return { message: `the file ${file} is too large`, expected: `at most ${LARGEST_FILE} bytes` };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return { message: `the file ${file} cannot be read (${code})`, expected: "a readable file" };
  }
}
