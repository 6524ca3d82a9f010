import { expect } from "chai";
import fc from "fast-check";
import { type NgsiHub, startNgsiHub } from "../northbound/ngsi-ld/ngsi-hub.ts";
import { type NotificationReceiver, startReceiver } from "../northbound/ngsi-ld/notification-receiver.ts";

type Values = Readonly<Record<string, number>>;

interface Change {
  readonly does: "create" | "delete" | "patch" | "append" | "drop" | "replace";
  readonly id: string;
  readonly values: Values;
}

interface Wish {
  readonly type: string;
  readonly watched: readonly string[] | undefined;
  readonly triggers: readonly string[];
  /** `a` must be greater. */
  readonly above: number | undefined;
}

const ids = ["urn:x:1", "urn:x:2"] as const;
const names = ["a", "b"] as const;
const type = (id: string): string => (id === "urn:x:1" ? "Odd" : "Even");

const values = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 0, max: 3 }), { minKeys: 1, maxKeys: 2 });
const change: fc.Arbitrary<Change> = fc.record({
  does: fc.constantFrom("create", "delete", "patch", "patch", "append", "drop", "replace"),
  id: fc.constantFrom(...ids),
  values,
});
const wish: fc.Arbitrary<Wish> = fc.record({
  type: fc.constantFrom("Odd", "Even", "*", "Odd,Even"),
  watched: fc.option(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }), { nil: undefined }),
  triggers: fc.uniqueArray(
    fc.constantFrom("entityCreated", "entityDeleted", "attributeCreated", "attributeUpdated", "attributeDeleted"),
    { minLength: 1 },
  ),
  above: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
});

/** What a change makes of an entity; undefined where it cannot be done. */
function outcome({ does, values: given }: Change, before: Values | undefined): Values | "gone" | undefined {
  if (does === "create") return before === undefined ? given : undefined;
  if (before === undefined) return undefined;
  switch (does) {
    case "delete":
      return "gone";
    case "replace":
      return given;
    case "drop": {
      const [first = ""] = Object.keys(given);
      if (!(first in before)) return undefined;
      return Object.fromEntries(Object.entries(before).filter(([name]) => name !== first));
    }
    default:
      return { ...before, ...given };
  }
}

/** The entity that a subscriber is told of, by CIM 009 5.2.12 and 5.8.6 alone; undefined: nothing. */
function expected(wanted: Wish, id: string, before: Values | undefined, now: Values | "gone"): object | undefined {
  if (wanted.type !== "*" && !wanted.type.split(",").includes(type(id))) return undefined;
  const left = now === "gone" ? {} : now;
  const judged = now === "gone" ? (before ?? {}) : now;
  if (wanted.above !== undefined && !((judged.a ?? -1) > wanted.above)) return undefined;
  const seen = names.filter((name) => wanted.watched?.includes(name) ?? true);
  const happened = new Set<string>();
  if (before === undefined) happened.add("entityCreated");
  if (now === "gone") happened.add("entityDeleted");
  const deleted: string[] = [];
  for (const name of seen) {
    const was = before?.[name];
    const is = left[name];
    if (was === undefined && is !== undefined) happened.add("attributeCreated");
    if (was !== undefined && is === undefined) {
      happened.add("attributeDeleted");
      deleted.push(name);
    }
    if (was !== undefined && is !== undefined && was !== is) happened.add("attributeUpdated");
  }
  if (!wanted.triggers.some((trigger) => happened.has(trigger))) return undefined;
  const nulls = Object.fromEntries(deleted.map((name) => [name, "urn:ngsi-ld:null"]));
  if (now !== "gone") return { id, type: type(id), ...now, ...nulls };
  return { id, type: type(id), deletedAt: "", ...(wanted.triggers.includes("entityDeleted") ? {} : nulls) };
}

describe("Property: notifications are those that a naive reading of the standard gives (5.2.12, 5.8.6)", () => {
  let hub: NgsiHub;
  let receiver: NotificationReceiver;
  before(async () => {
    hub = await startNgsiHub();
    receiver = await startReceiver();
  });
  after(async () => {
    await receiver.stop();
    await hub.stop();
  });

  const attributes = (given: Values) =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, { type: "Property", value }]));

  async function carryOut({ does, id, values: given }: Change): Promise<void> {
    const path = `/entities/${id}`;
    const whole = { id, type: type(id), ...attributes(given) };
    const requests = {
      create: () => hub.call("POST", "/entities", whole),
      delete: () => hub.call("DELETE", path),
      patch: () => hub.call("PATCH", path, attributes(given)),
      append: () => hub.call("POST", `${path}/attrs`, attributes(given)),
      drop: () => hub.call("DELETE", `${path}/attrs/${Object.keys(given)[0]}`),
      replace: () => hub.call("PUT", path, whole),
    };
    expect((await requests[does]()).status).to.be.below(300);
  }

  async function subscribe({ type: wanted, watched, triggers, above }: Wish): Promise<string> {
    const answer = await hub.call("POST", "/subscriptions", {
      type: "Subscription",
      entities: [{ type: wanted }],
      ...(watched === undefined ? {} : { watchedAttributes: watched }),
      ...(above === undefined ? {} : { q: `a>${above}` }),
      notificationTrigger: triggers,
      notification: { format: "keyValues", endpoint: { uri: receiver.url } },
    });
    expect(answer.status).to.equal(201);
    return decodeURIComponent(answer.headers.get("location")?.split("/").at(-1) ?? "");
  }

  it("for random changes and subscriptions, each in its order", async () => {
    const wishes = fc.array(wish, { minLength: 1, maxLength: 4 });
    const changes = fc.array(change, { minLength: 4, maxLength: 16 });
    await fc.assert(
      fc.asyncProperty(wishes, changes, async (wanted, all) => {
        const subscribed = new Map<string, Wish>();
        for (const one of wanted) subscribed.set(await subscribe(one), one);
        const owed = new Map<string, object[]>([...subscribed.keys()].map((id) => [id, []]));
        const world = new Map<string, Values>();
        for (const one of [...all, ...ids.map((id): Change => ({ does: "delete", id, values: {} }))]) {
          const before = world.get(one.id);
          const now = outcome(one, before);
          if (now === undefined) continue;
          await carryOut(one);
          if (now === "gone") world.delete(one.id);
          else world.set(one.id, now);
          for (const [id, other] of subscribed) {
            const told = expected(other, one.id, before, now);
            if (told !== undefined) owed.get(id)?.push(told);
          }
        }
        const count = [...owed.values()].flat().length;
        const got = new Map<string, object[]>([...subscribed.keys()].map((id) => [id, []]));
        for (let n = 0; n < count; n += 1) {
          const { body } = await receiver.next();
          const [entity = {}] = body.data;
          got.get(body.subscriptionId)?.push("deletedAt" in entity ? { ...entity, deletedAt: "" } : entity);
        }
        for (const id of subscribed.keys()) await hub.call("DELETE", `/subscriptions/${id}`);
        expect([...got.values()]).to.deep.equal([...owed.values()]);
        expect(receiver.received).to.deep.equal([]);
      }),
      { numRuns: 25 },
    );
  }).timeout(60_000);
});
