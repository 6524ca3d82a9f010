import { type Clause, liesIn } from "./clauses.ts";

const federation = "registrations and distributed operations: several brokers, not yet served";
const snapshots = "snapshots: not yet served";

/** Clauses that do not apply to this broker, everything below them too. A reason that is not needed fails the tests. */
export const reasons: Readonly<Record<string, string>> = {
  "4.3.3": federation,
  "4.3.4": federation,
  "4.3.5": "says which interfaces there may be; this broker is central, with temporal and subscriptions",
  "4.3.7": snapshots,
  "4.5.5.2": "answers of several brokers brought together",
  "4.5.5.3": "answers of several brokers brought together",
  "4.20": federation,
  "5.2.9": federation,
  "5.2.10": federation,
  "5.2.11": "times of registrations",
  "5.2.34": federation,
  "5.2.41": snapshots,
  "5.2.42": snapshots,
  "5.3.2": federation,
  "5.3.3": federation,
  "5.3.4": snapshots,
  "5.5.14": federation,
  "5.5.15": snapshots,
  "5.7.11": "what several brokers together may leave out; this one counts its own",
  "5.9": federation,
  "5.10": federation,
  "5.11": federation,
  "5.12": federation,
  "5.16": snapshots,
  "6.3.9": federation,
  "6.3.17": federation,
  "6.3.19": federation,
  "6.3.21": "a right, not a duty: payloads of other versions are read as they are",
  "6.3.22": snapshots,
  "6.8": federation,
  "6.9": federation,
  "6.12": federation,
  "6.13": federation,
  "6.36": snapshots,
  "6.37": snapshots,
  "6.38": snapshots,
};

/** 4.3.6 is distributed operations but for the older versions of payloads, which one broker is asked for too. */
const distributed = { clause: "4.3.6", but: "4.3.6.8" };

export function reasonOf({ number }: Clause): string | undefined {
  if (liesIn(number, distributed.clause) && number !== distributed.but) return federation;
  return Object.entries(reasons).find(([clause]) => liesIn(number, clause))?.[1];
}
