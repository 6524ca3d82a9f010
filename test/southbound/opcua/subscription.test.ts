import { expect } from "chai";
import type { PublishResponse } from "node-opcua-client";
import { silentLogger } from "../../../src/core/logger.ts";
import { systemClock } from "../../../src/core/time.ts";
import { opcuaSettings } from "../../../src/southbound/opcua/config.ts";
import { loadLibrary } from "../../../src/southbound/opcua/library.ts";
import type { RawSession } from "../../../src/southbound/opcua/raw-session.ts";
import { OpcuaSubscription } from "../../../src/southbound/opcua/subscription.ts";

describe("OPC UA: Publish requests", () => {
  it("an answer holds its request back until its commit, so that a slow store bounds what comes", async () => {
    const library = await loadLibrary();
    const { DataChangeNotification, DataValue, MonitoredItemNotification, PublishResponse } = library.client;
    const waiting: ((thrown: null, response: PublishResponse) => void)[] = [];
    const session = {
      createSubscription: async () => ({
        subscriptionId: 1,
        revisedPublishingInterval: 100,
        revisedMaxKeepAliveCount: 50,
      }),
      createMonitoredItems: async ({ itemsToCreate }: { itemsToCreate: unknown[] }) => ({
        results: itemsToCreate.map((_, index) => ({ statusCode: { value: 0 }, monitoredItemId: index })),
      }),
      publish: (_: unknown, answer: (typeof waiting)[number]) => waiting.push(answer),
    } as unknown as RawSession;
    const commits: PromiseWithResolvers<void>[] = [];
    const subscription = new OpcuaSubscription({
      source: "line",
      session,
      library,
      settings: opcuaSettings({ endpoint: "opc.tcp://127.0.0.1:4840" }),
      limits: { read: 100, browse: 100, monitor: 100, translate: 100 },
      sink: {
        alive: () => undefined,
        push: () => {
          const commit = Promise.withResolvers<void>();
          commits.push(commit);
          return commit.promise;
        },
      },
      clock: systemClock,
      log: silentLogger,
      lost: (error) => expect.fail(error.message),
    });
    await subscription.open();
    await subscription.add(
      [{ tag: "a", node: library.client.coerceNodeId("ns=1;s=a"), interval: undefined }],
      AbortSignal.any([]),
    );
    const allowed = waiting.length;
    const items = [new MonitoredItemNotification({ clientHandle: 1, value: new DataValue({ value: { value: 1 } }) })];
    const response = new PublishResponse({
      subscriptionId: 1,
      notificationMessage: { notificationData: [new DataChangeNotification({ monitoredItems: items })] },
    });
    for (const answer of waiting.splice(0)) answer(null, response);
    await new Promise(setImmediate);
    expect(commits).to.have.length(allowed);
    expect(waiting).to.have.length(0);
    commits[0]?.resolve();
    await new Promise(setImmediate);
    expect(waiting).to.have.length(1);
    subscription.close();
  });
});
