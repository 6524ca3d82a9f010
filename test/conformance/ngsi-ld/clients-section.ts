/** The page's part on clients; test/conformance/ngsi-ld/clients holds every word of it. */
export const clientsSection = [
  "## Clients",
  "",
  "The tests run two clients, unmodified, against a running hub:",
  "",
  "- `ngsildclient` 0.5.2 (PyPI): entities, batches, queries and counts, types, evolutions, subscriptions with their",
  "  notifications, contexts. Two of its calls ask for what v1.9.1 does not have and are refused by name:",
  "  `temporal.query` sends `options=count`, and a subscription built with `name(…)` a member `name`.",
  "- `iotagent-node-lib` 4.14.0 (npm), which every FIWARE IoT Agent is made of: its measures arrive as batch upserts in its",
  "  tenant and its context. Upserts make no tenant (5.5.10): it is made before, by any create.",
  "",
].join("\n");
