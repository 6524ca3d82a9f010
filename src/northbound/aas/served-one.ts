import type { AasServices } from "../../aas/services/aas-services.ts";
import { HubError } from "../../core/errors.ts";

/** Which shell `/aas` and which submodel `/submodel` speak of; left out: the only one there is. */
export interface Served {
  readonly shell?: string;
  readonly submodel?: string;
}

/**
 * @param fallback which one it is while there is none (a PUT makes it)
 * @throws HubError `not-found` where there is none, `conflict` where there are several and nothing says which
 */
export async function servedShell(
  { shells }: AasServices,
  configured: string | undefined,
  fallback?: string,
): Promise<string> {
  if (configured !== undefined) return configured;
  return theOnly("shell", (await shells.list(undefined, { limit: 2 })).items, fallback);
}

/** The same for submodels. */
export async function servedSubmodel(
  { reader }: AasServices,
  configured: string | undefined,
  fallback?: string,
): Promise<string> {
  if (configured !== undefined) return configured;
  const { items } = await reader.heads(undefined, { limit: 2 });
  const ids = items.map(({ row }) => row);
  return theOnly("submodel", ids, fallback);
}

function theOnly(what: string, found: readonly { readonly id: string }[], fallback: string | undefined): string {
  const [only, another] = found;
  const setting = `aas.${what}`;
  if (another !== undefined) {
    const message = `this hub holds several ${what}s: its configuration says in ${setting} which one is served here`;
    throw new HubError("conflict", message, {
      problems: [{ place: setting, message, expected: `the id of a ${what}` }],
    });
  }
  const id = only?.id ?? fallback;
  if (id === undefined) throw new HubError("not-found", `this hub holds no ${what} that it could serve here`);
  return id;
}
