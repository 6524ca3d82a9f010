"""A foreign Modbus client: reads what it is told and prints what it got as one JSON object.

Arguments: host, port, and the register map as JSON: [{name, space, address, type, wordOrder, scale}].
"""

import json
import sys

from pymodbus.client import ModbusTcpClient

client = ModbusTcpClient(sys.argv[1], port=int(sys.argv[2]), timeout=3)
assert client.connect()
kinds = client.DATATYPE


def read(space, address, count):
    ask = client.read_input_registers if space == "input" else client.read_holding_registers
    return ask(address, count=count)


def outcome(answer):
    return f"exception {answer.exception_code}" if answer.isError() else answer.registers


seen = {"values": {}}
for entry in json.loads(sys.argv[3]):
    kind = kinds[entry["type"].upper()]
    registers = read(entry["space"], entry["address"], kind.value[1]).registers
    order = "big" if entry["wordOrder"] == "high-first" else "little"
    seen["values"][entry["name"]] = client.convert_from_registers(registers, kind, word_order=order) * entry["scale"]

seen["gap"] = outcome(read("input", 24, 4))
seen["nothing"] = outcome(read("holding", 500, 1))
seen["coils"] = outcome(client.read_coils(0))
seen["too much"] = outcome(client.write_register(0, 1001))
seen["read-only"] = outcome(client.write_register(1, 5))
seen["two"] = outcome(client.write_registers(0, [50, 50]))
seen["single"] = outcome(client.write_register(0, 120))
seen["after single"] = outcome(read("holding", 0, 1))
client.write_registers(0, [75])
seen["after multiple"] = outcome(read("holding", 0, 1))
print(json.dumps(seen))
