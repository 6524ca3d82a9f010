/** The page's part on clients; test/conformance/aas/sdk holds every word of it. */
export const clientsSection = [
  "## Clients",
  "",
  "The tests run two SDKs, unmodified, against a running hub: every call of the seven clients of BaSyx' for TypeScript",
  "(`basyx-typescript-sdk` 1.0.2), and BaSyx' for Python (`basyx-python-sdk` 2.2.0), which opens our AASX, JSON and XML",
  "strictly and whose AASX comes back whole. What the TypeScript SDK gets wrong:",
  "",
  "- it looks for a page's cursor in `pagingMetadata`, not in `paging_metadata`, and so never sees one",
  "- an asynchronous invocation gives its caller no handle: it does not read the header `Location`",
  "- `getAllAASXPackageIds` gives the whole page as its `result`",
  "- its ES modules do not load in Node; the CommonJS ones do",
  "",
].join("\n");
