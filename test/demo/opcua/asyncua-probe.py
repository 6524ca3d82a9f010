"""A foreign OPC UA client: looks at the demo plant's server and prints what it saw as one JSON object.

Arguments: endpoint, user name, password, a folder for the client's certificate.
"""

import asyncio
import json
import logging
import socket
import sys
from pathlib import Path

from asyncua import Client, ua
from asyncua.crypto.cert_gen import setup_self_signed_certificate
from asyncua.crypto.security_policies import SecurityPolicyAes256Sha256RsaPss, SecurityPolicyBasic256Sha256
from cryptography.x509.oid import ExtendedKeyUsageOID

OWN = "http://twinweave.example/pump-station/"
DI = "http://opcfoundation.org/UA/DI/"
MACHINERY = "http://opcfoundation.org/UA/Machinery/"


async def variables(client, node, path=""):
    """Every variable below a node by its path, with type, status, unit and range."""
    seen = {}
    for child in await node.get_children():
        name = path + (await child.read_browse_name()).Name
        if await child.read_node_class() == ua.NodeClass.Variable:
            value = await child.read_data_value(raise_on_bad_status=False)
            entry = {"type": value.Value.VariantType.name, "value": plain(value.Value.Value), "status": value.StatusCode.name}
            entry["dataType"] = (await client.get_node(await child.read_data_type()).read_browse_name()).Name
            for prop in await child.get_properties():
                found = await prop.read_value()
                if isinstance(found, ua.EUInformation):
                    entry["unit"] = {"id": found.UnitId, "symbol": found.DisplayName.Text, "namespace": found.NamespaceUri}
                if isinstance(found, ua.Range):
                    entry["range"] = [found.Low, found.High]
            seen[name] = entry
        elif await child.read_node_class() == ua.NodeClass.Object:
            seen.update(await variables(client, child, name + "/"))
    return seen


def plain(value):
    return value.Text if isinstance(value, ua.LocalizedText) else value


async def refusal(action):
    """Name of the status code that an action ends with."""
    try:
        await action
        return "Good"
    except ua.UaStatusCodeError as error:
        return error.__class__.__name__


class Changes:
    def __init__(self):
        self.queue = asyncio.Queue()

    def datachange_notification(self, _node, value, _data):
        self.queue.put_nowait(value)


async def look(endpoint):
    seen = {}
    async with Client(endpoint) as client:
        own, di, machinery = [await client.get_namespace_index(uri) for uri in (OWN, DI, MACHINERY)]
        machines = await client.nodes.objects.get_child(f"{machinery}:Machines")
        pumps = {(await pump.read_browse_name()).Name: pump for pump in await machines.get_children()}
        seen["machines"] = sorted(pumps)
        pump = pumps["Pump01"]
        type_node = client.get_node(await pump.read_type_definition())
        seen["pumpType"] = (await type_node.read_browse_name()).Name
        seen["superType"] = (await (await type_node.get_parent()).read_browse_name()).Name
        seen["pump"] = await variables(client, pump)
        station = await client.nodes.objects.get_child(f"{own}:PumpStation")
        seen["station"] = await variables(client, station)
        enumeration = await client.nodes.enum_data_type.get_child([f"{own}:PumpStateEnumeration", "0:EnumStrings"])
        seen["states"] = [text.Text for text in await enumeration.read_value()]

        control = await pump.get_child([f"{di}:Operational", f"{own}:Control"])
        setpoint = await control.get_child(f"{own}:SpeedSetpoint")
        speed = await pump.get_child([f"{di}:Operational", f"{own}:Measurements", f"{own}:Speed"])
        changes = Changes()
        subscription = await client.create_subscription(50, changes)
        await subscription.subscribe_data_change(setpoint)
        first = await asyncio.wait_for(changes.queue.get(), 5)
        double = lambda value: ua.DataValue(ua.Variant(value, ua.VariantType.Double))
        seen["writes"] = {
            "90": await refusal(setpoint.write_value(double(90.0))),
            "110.5": await refusal(setpoint.write_value(double(110.5))),
            "-1": await refusal(setpoint.write_value(double(-1.0))),
            "nan": await refusal(setpoint.write_value(double(float("nan")))),
            "text": await refusal(setpoint.write_value(ua.DataValue(ua.Variant("90", ua.VariantType.String)))),
            "speed": await refusal(speed.write_value(ua.DataValue(ua.Variant(1.0, ua.VariantType.Float)))),
        }
        seen["setpoint"] = await setpoint.read_value()
        told = await asyncio.wait_for(changes.queue.get(), 5)
        seen["subscribed"] = [first, told]
        seen["methods"] = {name: await refusal(control.call_method(f"{own}:{name}")) for name in ("Start", "ResetFault", "Stop", "ReturnToAutomatic")}
        seen["previousSpeed"] = await control.call_method(f"{own}:SetSpeed", 80.0)
        seen["methods"]["SetSpeed out of range"] = await refusal(control.call_method(f"{own}:SetSpeed", 200.0))
        await control.call_method(f"{own}:SetSpeed", seen["previousSpeed"])
    return seen


async def secured(endpoint, policy, user, password, folder):
    client = Client(endpoint)
    client.application_uri = "urn:twinweave.example:probe"
    await setup_self_signed_certificate(
        folder / "key.pem", folder / "cert.der", client.application_uri, socket.gethostname(), [ExtendedKeyUsageOID.CLIENT_AUTH], {}
    )
    await client.set_security(policy, str(folder / "cert.der"), str(folder / "key.pem"), mode=ua.MessageSecurityMode.SignAndEncrypt)
    client.set_user(user)
    client.set_password(password)
    async with client:
        own, machinery = [await client.get_namespace_index(uri) for uri in (OWN, MACHINERY)]
        level = await client.nodes.objects.get_child([f"{own}:PumpStation", f"{own}:ReservoirLevel"])
        await level.read_value()


async def main():
    endpoint, user, password, folder = sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])
    seen = await look(endpoint)
    seen["secured"] = {
        "Basic256Sha256": await refusal(secured(endpoint, SecurityPolicyBasic256Sha256, user, password, folder)),
        "Aes256_Sha256_RsaPss": await refusal(secured(endpoint, SecurityPolicyAes256Sha256RsaPss, user, password, folder)),
        "wrong password": await refusal(secured(endpoint, SecurityPolicyBasic256Sha256, user, "wrong", folder)),
    }
    print(json.dumps(seen))


logging.disable(logging.CRITICAL)
asyncio.run(main())
