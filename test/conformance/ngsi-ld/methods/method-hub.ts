import { expect } from "chai";
import { type Answer, type HubFixture, hubFixture } from "../../../hub/hub-fixture.ts";

export type Verb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One request below `/ngsi-ld/v1` and the status that the standard's table has for it. */
export type Asked = readonly [
  status: number,
  verb: Verb,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
];

/** A hub for the tests of methods: makes its own tenants, reaches loopback. */
export interface MethodHub {
  readonly fixture: HubFixture;
  /** Asks in order; each answer has the status that is told. Gives the last answer. */
  ask(...asked: readonly Asked[]): Promise<Answer>;
  close(): Promise<void>;
}

export async function openMethodHub(): Promise<MethodHub> {
  const fixture = await hubFixture({
    "twinweave.yaml": "egress: { allowPrivate: true }\ntenants: { implicit: true }\n",
  });
  return {
    fixture,
    async ask(...asked) {
      let last: Answer | undefined;
      for (const [status, verb, path, body, headers] of asked) {
        last = await fixture.request(verb, `/ngsi-ld/v1${path}`, body, headers);
        expect(last.status, `${verb} ${path}: ${JSON.stringify(last.body)}`).to.equal(status);
        const type = last.headers.get("content-type");
        // Whatever fails says so as a problem (5.5.3); a status without a body is 415's and 411's alone (6.3.4).
        if (status >= 400 && status !== 415) expect(last.body, `${verb} ${path}`).to.include.keys("type", "title");
        if (status === 204) expect(type, `${verb} ${path}`).to.equal(null);
      }
      if (last === undefined) throw new Error("nothing was asked");
      return last;
    },
    close: () => fixture.close(),
  };
}

export const property = (value: unknown, more: object = {}): object => ({ type: "Property", value, ...more });

/** A room with a level and a name. */
export const room = (id: string, level = 1): object => ({
  id: `urn:ngsi-ld:Room:${id}`,
  type: "Room",
  level: property(level),
  name: property(id),
});
