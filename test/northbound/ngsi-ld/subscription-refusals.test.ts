import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

const receiver = { url: "http://127.0.0.1:9/notify" };

describe("NGSI-LD API: subscriptions that are refused (5.8.1.4)", () => {
  let hub: NgsiHub;
  before(async () => {
    hub = await startNgsiHub();
  });
  after(() => hub.stop());

  const pairs: readonly (readonly [string, unknown])[] = [
    ["a number as value", [{ key: "K", value: 42 }]],
    ["an object as value", [{ key: "K", value: { a: 1 } }]],
    ["no value", [{ key: "K" }]],
    ["a number as key", [{ key: 5, value: "v" }]],
    ["no list", { key: "K", value: "v" }],
  ];
  for (const [what, wrong] of pairs) {
    it(`key and value are texts: refuses ${what} (5.2.22)`, async () => {
      for (const member of ["receiverInfo", "notifierInfo"]) {
        const notification = { endpoint: { uri: receiver.url, [member]: wrong } };
        const body = { type: "Subscription", entities: [{ type: "A" }], notification };
        expect((await hub.call("POST", "/subscriptions", body)).status, member).to.equal(400);
      }
    });
  }

  const refused: readonly (readonly [string, object, number])[] = [
    ["neither entities nor watchedAttributes", {}, 400],
    ["an empty list", { entities: [] }, 400],
    ["a past expiresAt", { watchedAttributes: ["a"], expiresAt: "2020-01-01T00:00:00Z" }, 400],
    ["a throttling of zero", { watchedAttributes: ["a"], throttling: 0 }, 400],
    ["an unknown trigger", { watchedAttributes: ["a"], notificationTrigger: ["sometimes"] }, 400],
    ["an idPattern that is none", { entities: [{ type: "A", idPattern: "(" }] }, 400],
    ["a q that cannot be read (4.9)", { watchedAttributes: ["a"], q: "a==" }, 400],
    ["a georel that there is not (4.10)", { watchedAttributes: ["a"], geoQ: { georel: "on" } }, 400],
    ["a csf that cannot be read (5.2.12)", { watchedAttributes: ["a"], csf: "((" }, 400],
    ["a timeInterval beside watchedAttributes (5.2.12)", { watchedAttributes: ["a"], timeInterval: 1 }, 400],
    ["a timeInterval beside throttling", { entities: [{ type: "A" }], timeInterval: 1, throttling: 1 }, 400],
    ['the type "*" beyond local scope (5.2.33)', { entities: [{ type: "*" }], localOnly: false }, 400],
    ["null", { watchedAttributes: ["a"], q: null }, 400],
    ["a member that no subscription has", { watchedAttributes: ["a"], watchedAtributes: ["b"] }, 400],
  ];
  for (const [what, body, status] of refused) {
    it(`refuses ${what}`, async () => {
      const answer = await hub.call("POST", "/subscriptions", {
        type: "Subscription",
        notification: { endpoint: { uri: receiver.url } },
        ...body,
      });
      expect(answer.status).to.equal(status);
    });
  }
});
