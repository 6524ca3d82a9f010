"""What ngsildclient, unmodified, makes of a running hub: `ngsild_client.py <host> <port> <receiver>` calls each of its
groups and prints what it saw as JSON, in the last line."""

import json
import logging
import sys

from datetime import timedelta

from ngsildclient import Client, Entity, SubscriptionBuilder
from ngsildclient.api.constants import AggrMethod
from ngsildclient.api.helper.temporal import TemporalQuery

logging.disable(logging.INFO)
host, port, receiver = sys.argv[1], int(sys.argv[2]), sys.argv[3]
seen = {}


def parking(number, spots):
    entity = Entity("OffStreetParking", f"P{number}")
    entity.prop("availableSpotNumber", spots, observedat="2026-03-01T10:00:00Z").prop("name", f"Parking {number}")
    entity.rel("owner", "urn:ngsi-ld:Company:C1")
    entity.loc((41.2, -8.5))
    return entity


with Client(host, port, verbose=False) as client:
    first = parking(1, 100)
    seen["create"] = client.create(first)
    seen["exists"] = [client.exists(first), client.exists(parking(9, 0))]
    got = client.get(first)
    seen["get"] = [got.id, got["availableSpotNumber"].value, got["owner"]["object"], got["location"]["value"]["type"]]
    first["availableSpotNumber.value"] = 90
    seen["update"] = client.update(first)
    seen["updated"] = client.get(first)["availableSpotNumber"].value
    seen["upsert"] = client.upsert(parking(2, 20))
    batch = client.create([parking(3, 30), parking(4, 40)])
    seen["batch create"] = [batch.ok, batch.n_ok, batch.n_err]
    batch = client.create([parking(4, 41), parking(5, 50)])
    seen["batch create again"] = [batch.ok, batch.n_ok, batch.n_err]
    batch = client.upsert([parking(4, 42), parking(6, 60)])
    seen["batch upsert"] = [batch.ok, batch.n_ok]
    batch = client.update([parking(3, 33)])
    seen["batch update"] = [batch.ok, batch.n_ok]
    seen["count"] = client.count("OffStreetParking")
    seen["query"] = sorted(e.id for e in client.query("OffStreetParking", q="availableSpotNumber>41"))
    seen["pages"] = sum(1 for _ in client.query_generator("OffStreetParking", limit=2))
    wanted = {"type": "Query", "entities": [{"type": "OffStreetParking"}], "q": "availableSpotNumber<40"}
    seen["query by POST"] = sorted(e.id for e in client.alt.query(wanted))
    seen["types"] = [name.split("/")[-1] for name in client.types.list()]
    spots = client.temporal.get(first, ["availableSpotNumber"])["availableSpotNumber"]
    seen["evolution"] = [value for value, _ in spots["values"]]
    day = TemporalQuery().between("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")
    greatest = client.temporal.aggregate(
        type="OffStreetParking", tq=day, methods=[AggrMethod.MAXIMUM], period=timedelta(days=1)
    )
    seen["greatest"] = {one["id"]: one["availableSpotNumber"]["max"][0][0] for one in greatest.result}
    batch = client.delete([parking(5, 0), parking(6, 0)])
    seen["batch delete"] = [batch.ok, batch.n_ok]
    seen["delete"] = client.delete(first)
    seen["deleted"] = client.exists(first)

    subscription = (
        SubscriptionBuilder(receiver)
        .id("urn:ngsi-ld:Subscription:parking")
        .select_type("OffStreetParking")
        .watch(["availableSpotNumber"])
        .build()
    )
    seen["subscribe"] = client.subscriptions.create(subscription)
    seen["subscription"] = [
        client.subscriptions.get("urn:ngsi-ld:Subscription:parking")["entities"][0]["type"],
        client.subscriptions.exists("urn:ngsi-ld:Subscription:parking"),
        len(client.subscriptions.list()),
    ]
    client.upsert(parking(3, 7))

    context = {"@context": {"spots": "https://example.org/spots"}}
    before = set(client.contexts.list())
    client.contexts.add(context)
    (made,) = set(client.contexts.list()) - before
    made = made.rsplit("/", 1)[-1]
    seen["context"] = [client.contexts.exists(made), client.contexts.get(made) == context]
    seen["context deleted"] = [client.contexts.delete(made), client.contexts.exists(made)]

print(json.dumps(seen))
