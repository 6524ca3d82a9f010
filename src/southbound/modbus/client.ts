import type { Socket } from "node:net";
import { ModbusTCPClient } from "jsmodbus";

/**
 * jsmodbus' client, which sends one request after the other. Its text for an exception code that the standard does not
 * list throws inside the socket's listener, where it would end the process: such an exception gets a text of its own.
 */
export class ModbusClient extends ModbusTCPClient {
  constructor(socket: Socket, unit: number, timeout: number) {
    super(socket, unit, timeout);
    const handler = this._requestHandler;
    const handle = handler.handle.bind(handler);
    handler.handle = (response) => {
      const { body } = response;
      if (body.isException && "code" in body) {
        Object.defineProperty(body, "message", { value: `exception ${body.code}` });
      }
      handle(response);
    };
  }
}
