"""A small plant on asyncua, a server that is not ours. Prints its endpoint when ready, then obeys JSON lines on stdin.

Each command is answered by one JSON line: {"ok": true, ...} or {"ok": false, "error": "..."}.
"""

import argparse
import asyncio
import datetime
import json
import logging
import math
import sys

from asyncua import Server, ua
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.user_managers import UserManager

logging.disable(logging.CRITICAL)

PRESS = "http://acme.example/press"


class Gate(UserManager):
    def __init__(self, name, password):
        self.name, self.password = name, password

    def get_user(self, iserver, username=None, password=None, certificate=None):
        if self.name is None:
            return User(role=UserRole.User)
        if username == self.name and password == self.password:
            return User(role=UserRole.User)
        return None


async def analog(parent, index, name, value, low, high, unit_id, node_id):
    variable = await parent.add_variable(ua.NodeId(node_id, index), f"{index}:{name}", value)
    unit = ua.EUInformation(
        NamespaceUri="http://www.opcfoundation.org/UA/units/un/cefact",
        UnitId=unit_id,
        DisplayName=ua.LocalizedText("unit"),
        Description=ua.LocalizedText("unit"),
    )
    await variable.add_property(0, "EngineeringUnits", unit)
    await variable.add_property(0, "EURange", ua.Range(Low=low, High=high))
    await variable.set_writable()
    return variable


async def press(parent, index, name, serial):
    node = await parent.add_object(ua.NodeId(name, index), f"{index}:{name}")
    identification = await node.add_object(index, "Identification")
    await identification.add_property(index, "SerialNumber", serial)
    process = await node.add_object(index, "Process")
    await analog(process, index, "Temp", 21.5, 0.0, 200.0, 4408652, f"{name}.Temp")
    await analog(process, index, "Set", 20.0, 0.0, 180.0, 4408652, f"{name}.Set")
    return node


async def odd_values(parent, index):
    box = await parent.add_object(ua.NodeId("Odd", index), f"{index}:Odd")
    T = ua.VariantType
    values = {
        "NotANumber": (math.nan, T.Double),
        "Infinite": (math.inf, T.Double),
        "Null": (None, T.Null),
        "Big": (2**63 - 1, T.Int64),
        "Small": (-(2**63), T.Int64),
        "Exact": (-7, T.Int64),
        "Unsigned": (2**64 - 1, T.UInt64),
        "Digits": ("0042", T.String),
        "Flags": ([True, False], T.Boolean),
        "Curve": ([1.0, 2.5, 4.0], T.Double),
        "Counters": ([1, 2**60], T.UInt64),
        "Text": (ua.LocalizedText("Hallo", "de"), T.LocalizedText),
        "Octets": (b"\x00\xff", T.ByteString),
        "When": (datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc), T.DateTime),
        "Byte": (7, T.Byte),
        "Float": (1.5, T.Float),
        "Word": (1, T.UInt16),
        "Structure": (ua.Range(Low=1.0, High=2.0), T.ExtensionObject),
    }
    for name, (value, kind) in values.items():
        variable = await box.add_variable(ua.NodeId(f"Odd.{name}", index), f"{index}:{name}", value, kind)
        await variable.set_writable()
    locked = await box.add_variable(ua.NodeId("Odd.Locked", index), f"{index}:Locked", 1.0)
    await locked.set_read_only()
    many = await box.add_object(ua.NodeId("Many", index), f"{index}:Many")
    return many


def argument(name, kind, rank=-1, description=""):
    return ua.Argument(
        Name=name,
        DataType=ua.NodeId(getattr(ua.ObjectIds, kind)),
        ValueRank=rank,
        ArrayDimensions=[0] if rank == 1 else [],
        Description=ua.LocalizedText(description),
    )


async def methods(parent, index):
    """Methods of every kind that a client meets: arguments of all sorts, refusals, slow ones."""
    box = await parent.add_object(ua.NodeId("Recipes", index), f"{index}:Recipes")
    T = ua.VariantType
    calls = []

    async def add(name, inputs, outputs, work):
        async def run(parent, *values):
            calls.append([name, *[value.Value for value in values]])
            return await work(*[value.Value for value in values])

        await box.add_method(ua.NodeId(f"Recipes.{name}", index), f"{index}:{name}", run, inputs, outputs)

    async def start():
        return []

    async def set_speed(speed):
        if not 0 <= speed <= 110:
            return ua.CallMethodResult(
                StatusCode=ua.StatusCode(ua.StatusCodes.BadInvalidArgument),
                InputArgumentResults=[ua.StatusCode(ua.StatusCodes.BadOutOfRange)],
            )
        previous, box.speed = getattr(box, "speed", 50.0), speed
        return [ua.Variant(previous, T.Double)]

    async def statistics(samples, count, name):
        # asyncua hands an empty array on as None
        samples = samples or []
        return [
            ua.Variant(sum(samples), T.Double),
            ua.Variant([value * 2 for value in samples], T.Double),
            ua.Variant(count, T.Int64),
            ua.Variant(f"{name} of {len(samples)}", T.String),
        ]

    async def refuse():
        return ua.StatusCode(ua.StatusCodes.BadInvalidState)

    async def forbid():
        return ua.StatusCode(ua.StatusCodes.BadUserAccessDenied)

    async def sleep(seconds):
        await asyncio.sleep(seconds)
        return [ua.Variant(seconds, T.Double)]

    await add("Start", [], [], start)
    await add(
        "SetSpeed",
        [argument("Speed", "Double", description="Wanted speed in %")],
        [argument("PreviousSpeed", "Double")],
        set_speed,
    )
    await add(
        "Statistics",
        [argument("Samples", "Double", 1), argument("Count", "Int64"), argument("Name", "String")],
        [argument("Sum", "Double"), argument("Doubled", "Double", 1), argument("Same", "Int64"), argument("Text", "String")],
        statistics,
    )
    await add("Refuse", [], [], refuse)
    await add("Forbid", [], [], forbid)
    await add("Sleep", [argument("Seconds", "Double")], [argument("Slept", "Double")], sleep)
    return calls


class Plant:
    def __init__(self, server, index, many, calls):
        self.server, self.index, self.many, self.called = server, index, many, calls

    def node(self, name):
        return self.server.get_node(ua.NodeId(name, self.index))

    async def set(self, node, value=None, type="Double", status=None, offset=None):
        now = datetime.datetime.now(datetime.timezone.utc)
        data = ua.DataValue(
            ua.Variant(float(value) if isinstance(value, str) else value, ua.VariantType[type]),
            StatusCode=ua.StatusCode(getattr(ua.StatusCodes, status)) if status else ua.StatusCode(0),
            SourceTimestamp=now + datetime.timedelta(seconds=offset or 0),
        )
        await self.node(node).write_attribute(ua.AttributeIds.Value, data)

    async def get(self, node):
        return {"value": await self.node(node).read_value()}

    async def add(self, node, value):
        await self.many.add_variable(ua.NodeId(node, self.index), f"{self.index}:{node}", value)

    async def calls(self):
        """The calls so far, each with its arguments."""
        return {"calls": self.called}

    async def delete(self, node):
        await self.server.delete_nodes([self.node(node)])


async def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--user")
    arguments.add_argument("--password")
    arguments.add_argument("--security", default="NoSecurity")
    arguments.add_argument("--certificate")
    arguments.add_argument("--key")
    arguments.add_argument("--shift", type=int, default=0)
    arguments.add_argument("--many", type=int, default=0)
    given = arguments.parse_args()

    server = Server(user_manager=Gate(given.user, given.password))
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{given.port}/plant")
    server.set_server_name("plant")
    if given.certificate:
        await server.set_application_uri("urn:acme.example:plant")
        await server.load_certificate(given.certificate)
        await server.load_private_key(given.key)
    server.set_security_policy([getattr(ua.SecurityPolicyType, name) for name in given.security.split(",")])
    if given.user:
        server.set_identity_tokens([ua.UserNameIdentityToken])
    for number in range(given.shift):
        await server.register_namespace(f"http://acme.example/shift{number}")
    index = await server.register_namespace(PRESS)
    line = await server.nodes.objects.add_folder(ua.NodeId("Line1", index), f"{index}:Line1")
    for number in (1, 2):
        await press(line, index, f"Press{number}", f"SN-{number}")
    many = await odd_values(server.nodes.objects, index)
    for number in range(given.many):
        await many.add_variable(ua.NodeId(f"v{number}", index), f"{index}:v{number}", 0.0)

    calls = await methods(server.nodes.objects, index)
    plant = Plant(server, index, many, calls)
    async with server:
        port = server.bserver._server.sockets[0].getsockname()[1]
        print(f"opc.tcp://127.0.0.1:{port}/plant", flush=True)
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            command = json.loads(line)
            try:
                answer = await getattr(plant, command.pop("do"))(**command)
                print(json.dumps({"ok": True, **(answer or {})}, default=str), flush=True)
            except Exception as error:  # whatever the command did, the test is told
                print(json.dumps({"ok": False, "error": repr(error)}), flush=True)


asyncio.run(main())
