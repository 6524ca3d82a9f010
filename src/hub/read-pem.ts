import { readFile } from "node:fs/promises";
import { HubError } from "../core/errors.ts";

/** A certificate or key that the configuration names. @throws HubError `config` */
export async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw new HubError("config", `${path} cannot be read`, {
      cause: thrown,
      problems: [{ place: "http.tls", message: `${path} cannot be read`, expected: "a PEM file" }],
    });
  }
}
