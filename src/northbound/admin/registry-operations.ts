import { HubError } from "../../core/errors.ts";
import { adminJson } from "./admin-json.ts";
import { type AdminOperation, change, look } from "./admin-operation.ts";
import type { AdminPorts } from "./ports.ts";

/** Where the hub registers what it holds: how that goes, all anew, all back. */
export function registryOperations({ registries }: AdminPorts): readonly AdminOperation[] {
  const statusOf = (name: string) => registries.all().filter(({ registry }) => registry === name);
  return [
    look("GetRegistries", "/registries", "Outside registries: state, entries, last error", (request) =>
      adminJson({ registries: registries.all() }, request),
    ),
    look("GetRegistry", "/registries/{registry}", "One outside registry, for each tenant", (request) => {
      const found = statusOf(request.params.registry ?? "");
      if (found.length === 0) throw new HubError("not-found", `there is no registry ${request.params.registry}`);
      return adminJson({ registries: found }, request);
    }),
    change("RegisterAll", "/registries/{registry}/register", "Register everything anew", (request) => {
      registries.register(request.params.registry ?? "");
      return { status: 204 };
    }),
    change(
      "WithdrawAll",
      "/registries/{registry}/withdraw",
      "Take everything back, and register nothing until it is asked for or the hub starts",
      async (request) => {
        await registries.withdraw(request.params.registry ?? "", request.scope.abort);
        return { status: 204 };
      },
    ),
  ];
}
