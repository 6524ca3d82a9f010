import { Type } from "typebox";
import { duration } from "./fields.ts";

/** Operations that clients invoke, and other work that goes on after its request was answered. */
export const OperationsSection = Type.Object(
  {
    timeout: duration({ default: "10s", description: "Time for an operation whose client says nothing of it." }),
    maxTimeout: duration({
      default: "10m",
      description: "The most time that a client may give an operation (`clientTimeoutDuration`).",
    }),
    keepResults: duration({ default: "1h", description: "How long the result of an asynchronous job is kept." }),
    maxJobs: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 1_000,
      description:
        "Asynchronous jobs of a tenant, running or finished; beyond it the one that finished first goes, and where all run a new one is refused. As many operations may run whose clients wait.",
    }),
  },
  {
    additionalProperties: false,
    default: {},
    description: "Operations that clients invoke, and other work that outlasts its request.",
  },
);
