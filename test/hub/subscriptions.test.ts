import { expect } from "chai";
import { type HttpReceiver, httpReceiver } from "./http-receiver.ts";
import { type HubFixture, hubFixture, type Json } from "./hub-fixture.ts";

const api = "/ngsi-ld/v1";
const id = "urn:ngsi-ld:Car:1";

describe("A hub's subscriptions (5.8)", () => {
  let receiver: HttpReceiver;
  let fixture: HubFixture;
  let status = 204;
  beforeEach(async () => {
    status = 204;
    receiver = await httpReceiver((response) => void response.writeHead(status).end());
    fixture = await hubFixture({
      "twinweave.yaml": "egress: { allowPrivate: true }\ntenants: { implicit: true }\n",
    });
    await fixture.request("POST", `${api}/entities`, { id, type: "Car", speed: { type: "Property", value: 0 } });
  });
  afterEach(async () => {
    await fixture.close();
    await receiver.close();
  });

  const subscribe = async (members: object, headers = {}): Promise<string> => {
    const notification = { format: "keyValues", endpoint: { uri: receiver.url } };
    const body = { type: "Subscription", entities: [{ type: "Car" }], ...members, notification };
    const answer = await fixture.request("POST", `${api}/subscriptions`, body, headers);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
    return answer.headers.get("location") ?? "";
  };
  const drive = (speed: number) =>
    fixture.request("PATCH", `${api}/entities/${id}/attrs`, { speed: { type: "Property", value: speed } });
  const speedIn = (body: string): Json | undefined => JSON.parse(body).data[0].speed;
  const told = (speed: number) => receiver.next((body) => speedIn(body) === (speed as unknown));

  it("what could not be sent is sent after a restart, in order", async () => {
    status = 503;
    const path = await subscribe({});
    await drive(1);
    await drive(2);
    await told(1);
    await fixture.restart();
    status = 204;
    await told(2);
    expect(receiver.received.map(speedIn).at(-2)).to.equal(1);
    await fixture.until(path, ({ body }) => body?.notification?.status === ("ok" as unknown));
  });

  it("throttled: what waits is merged and sent after a restart, with the newest state", async () => {
    await subscribe({ throttling: 2 });
    await drive(1);
    await told(1);
    for (const speed of [2, 3]) await drive(speed);
    await fixture.restart();
    await drive(4);
    await told(4);
    expect(receiver.received.map(speedIn)).to.deep.equal([1, 4]);
  });

  it("an interval goes on after a restart", async () => {
    await subscribe({ timeInterval: 0.4 });
    await receiver.next(() => true);
    await fixture.restart();
    const before = receiver.received.length;
    await receiver.next(() => receiver.received.length > before);
  });

  it("each tenant has its own, and a notification names it (6.3.14)", async () => {
    const tenant = { "NGSILD-Tenant": "acme" };
    await subscribe({}, tenant);
    await drive(5);
    await fixture.request(
      "POST",
      `${api}/entities`,
      { id, type: "Car", speed: { type: "Property", value: 7 } },
      tenant,
    );
    await told(7);
    expect(receiver.received).to.have.length(1);
  });

  it("a context that is written into it is linked to, and read there (5.8.1.4, 5.13.1)", async () => {
    const context = { Car: "https://example.org/Car", speed: "https://example.org/speed" };
    const ld = { "content-type": "application/ld+json" };
    const body = { id: "urn:x:2", type: "Car", "@context": context, speed: { type: "Property", value: 1 } };
    const path = await subscribe({ "@context": context }, ld);
    const url = String((await fixture.get(path)).body?.jsonldContext);
    expect((await (await fetch(url)).json()) as object).to.deep.equal({ "@context": context });
    await fixture.request("POST", `${api}/entities`, body, ld);
    expect(JSON.parse(await told(1)).data).to.deep.equal([{ id: "urn:x:2", type: "Car", speed: 1 }]);
  });

  it("a context that cannot be had: LdContextNotAvailable (5.8.1.4)", async () => {
    const notification = { endpoint: { uri: receiver.url } };
    const jsonldContext = `${receiver.url}/none.jsonld`;
    const body = { type: "Subscription", entities: [{ type: "Car" }], jsonldContext, notification };
    status = 404;
    const answer = await fixture.request("POST", `${api}/subscriptions`, body);
    expect(answer.body?.type).to.equal("https://uri.etsi.org/ngsi-ld/errors/LdContextNotAvailable");
  });
});
