import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

export interface StartPage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The page at `/`, one file without anything from elsewhere; its own script and style are allowed by their hashes. */
export async function loadStartPage(): Promise<() => StartPage> {
  const body = await readFile(fileURLToPath(new URL("./start-page.html", import.meta.url)), "utf8");
  const source = (tag: "script" | "style"): string => {
    const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(body)?.[1] ?? "";
    return `'sha256-${hash("sha256", text, "base64")}'`;
  };
  const policy = [
    "default-src 'none'",
    "connect-src 'self'",
    "img-src data:",
    `script-src ${source("script")}`,
    `style-src ${source("style")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const headers = {
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
  };
  return () => ({ body, headers });
}
