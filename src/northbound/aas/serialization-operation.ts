import type { SerializationForm } from "../../aas/services/serialization-service.ts";
import { HubError } from "../../core/errors.ts";
import type { OperationForm } from "./aas-operation.ts";
import { acceptedType } from "./accepted-type.ts";
import type { Edition } from "./edition.ts";
import { flagOf, identifiersOf } from "./parameters.ts";

const aasx = "application/asset-administration-shell-package";
type Form = Pick<SerializationForm, "inPackage" | "format">;

/**
 * The media types of the API (IDTA-01002 v3.1.2: its OpenAPI file, and the enumeration SerializationFormat, which calls
 * a package otherwise); of those that a client takes alike the first is answered.
 */
const forms = {
  "application/json": { inPackage: false, format: "json" },
  "application/xml": { inPackage: false, format: "xml" },
  "text/xml": { inPackage: false, format: "xml" },
  [`${aasx}+xml`]: { inPackage: true, format: "xml" },
  [aasx]: { inPackage: true, format: "json" },
  "application/aasx+xml": { inPackage: true, format: "xml" },
} as const satisfies Readonly<Record<string, Form>>;

const types = Object.keys(forms) as (keyof typeof forms)[];

/** IDTA-01002 v3.1.2, "Serialization Interface"; XML is in the namespace of the edition that is asked. */
export function serializationOperation({ metamodel }: Edition): OperationForm {
  return {
    name: "GenerateSerializationByIds",
    method: "GET",
    path: "/serialization",
    query: ["aasIds", "submodelIds", "includeConceptDescriptions"],
    gives: "Environment",
    givesTypes: types.filter((type) => type !== "application/json"),
    handle: async (request, { serialization }) => {
      const selection = {
        shells: identifiersOf(request, "aasIds"),
        submodels: identifiersOf(request, "submodelIds"),
        concepts: flagOf(request, "includeConceptDescriptions") ?? true,
      };
      const type = acceptedType(request.headers.accept, types);
      if (type === undefined) throw notAcceptable();
      const form: Form = forms[type];
      const body = await serialization.write(selection, { ...form, version: metamodel }, request.scope.abort);
      const headers = form.inPackage ? { "content-disposition": 'attachment; filename="environment.aasx"' } : {};
      return { status: 200, type, body, headers: { vary: "accept", ...headers } };
    },
  };
}

function notAcceptable(): HubError {
  const problems = [{ place: "Accept", message: "none of the types is written", expected: types.join(", ") }];
  return new HubError("not-acceptable", "a serialization is written as JSON, XML or AASX", { problems });
}
