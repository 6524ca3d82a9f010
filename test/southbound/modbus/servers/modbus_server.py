"""A Modbus TCP server of another maker (pymodbus) for the tests: 300 registers and 320 bits in each table.

usage: modbus_server.py PORT
Prints "ready" once it listens. Then takes one JSON object a line on standard input and answers each with one line:
  {"set": "holding", "address": 100, "values": [1, 2]}
  {"get": "holding", "address": 100, "count": 2}          -> [1, 2]
  {"refuse": "holding", "address": 100, "exception": 2}   requests that touch the register are refused; 0: no longer
  {"requests": true}                                      -> how many requests came since the last time
Ends when standard input does. Addresses are those on the wire, from 0.
"""

import asyncio
import json
import sys

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

BLOCKS = {"coil": "c", "discrete": "d", "holding": "h", "input": "i"}
TABLES = {1: "coil", 5: "coil", 15: "coil", 2: "discrete", 4: "input", 3: "holding", 6: "holding", 16: "holding"}


class Plant:
    def __init__(self, port):
        self.refused = {}
        self.requests = 0
        bits = [SimData(0, values=[False] * 320, datatype=DataType.BITS)]
        registers = [SimData(0, count=300, values=0, datatype=DataType.REGISTERS)]
        device = SimDevice(0, simdata=(bits, bits, registers, registers), action=self.asked)
        self.server = ModbusTcpServer(device, address=("127.0.0.1", port))

    async def asked(self, function, _start, address, count, _registers, _values):
        self.requests += 1
        for touched in range(address, address + count):
            if code := self.refused.get((TABLES[function], touched)):
                return ExcCodes(code)
        return None

    def memory(self, table):
        return self.server.context.devices[0].block[BLOCKS[table]][2]

    def read(self, table, address):
        if table in ("holding", "input"):
            return self.memory(table)[address]
        return bool(self.memory(table)[address // 16] >> (address % 16) & 1)

    def write(self, table, address, value):
        memory = self.memory(table)
        if table in ("holding", "input"):
            memory[address] = value
        else:
            mask = 1 << (address % 16)
            memory[address // 16] = memory[address // 16] | mask if value else memory[address // 16] & ~mask

    def answer(self, command):
        address = command.get("address", 0)
        if "set" in command:
            for offset, value in enumerate(command["values"]):
                self.write(command["set"], address + offset, value)
            return None
        if "refuse" in command:
            self.refused[(command["refuse"], address)] = command["exception"]
            return None
        if "requests" in command:
            count, self.requests = self.requests, 0
            return count
        return [self.read(command["get"], address + offset) for offset in range(command["count"])]


async def main(port):
    plant = Plant(port)
    await plant.server.serve_forever(background=True)
    print('"ready"', flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(plant.answer(json.loads(line))), flush=True)
    await plant.server.shutdown()


asyncio.run(main(int(sys.argv[1])))
