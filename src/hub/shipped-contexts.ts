import { fileURLToPath } from "node:url";

/** The folder of the JSON-LD contexts that the hub brings with it. */
export const shippedContexts = fileURLToPath(new URL("../../ngsi-ld-contexts", import.meta.url));
