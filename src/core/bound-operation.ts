import type { ArgumentValues } from "./browse.ts";
import type { LeafAddress } from "./document.ts";
import type { Place } from "./place.ts";
import type { Value, ValueType } from "./value.ts";

/** One argument of an operation, by the name that clients know. */
export interface OperationArgument {
  readonly name: string;
  readonly direction: "in" | "out" | "inout";
  /** Of each item, where it is a list. */
  readonly type: ValueType;
  readonly list: boolean;
}

/** What an operation does: it calls a method of the device, or writes points of its own asset. */
export type OperationWork =
  | {
      readonly kind: "call";
      readonly source: string;
      /** Canonical address, as `AddressSyntax.parse` gives it. */
      readonly method: string;
      /** The method's input arguments from the client's. @throws HubError `invalid` */
      readonly inputs: (given: ArgumentValues) => ArgumentValues;
      /** The client's arguments (`out` and `inout`) from what the method gave. @throws HubError `invalid` */
      readonly outputs: (given: ArgumentValues) => ArgumentValues;
    }
  | {
      readonly kind: "set";
      /** In this order: the link (its key) and its point, and what is written to it in the signal's own type and unit. */
      readonly writes: readonly {
        readonly link: string;
        readonly point: string;
        /** @throws HubError `invalid` */
        readonly value: (given: ArgumentValues) => Value;
      }[];
    };

/** An operation of a document that does something: compiled from one operation of one asset of a mapping file. */
export interface BoundOperation {
  /** `<tenant>/<mapping>/<asset>/<operation>`. */
  readonly key: string;
  readonly name: string;
  /** As links have it. */
  readonly asset: string;
  readonly place: Place;
  readonly address: LeafAddress;
  readonly arguments: readonly OperationArgument[];
  readonly work: OperationWork;
}
