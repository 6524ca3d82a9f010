/** What the load asks for; `number` chooses what it is about. */
export interface RequestKind {
  readonly name: string;
  readonly method: string;
  readonly path: (number: number) => string;
  readonly body?: (number: number) => string;
  readonly status: number;
}

export type RequestKinds = Readonly<Record<string, RequestKind>>;

/** One request as bytes. @param path another one than the kind's, for a server with one route */
export function requestBytes(kind: RequestKind, number: number, host: string, path?: string): Buffer {
  const body = kind.body?.(number);
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  const content = body === undefined ? "" : `content-type: application/json\r\ncontent-length: ${length}\r\n`;
  return Buffer.from(
    `${kind.method} ${path ?? kind.path(number)} HTTP/1.1\r\nhost: ${host}\r\n${content}\r\n${body ?? ""}`,
  );
}
