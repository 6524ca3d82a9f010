import { HubError } from "../core/errors.ts";

/**
 * The characters of an XML or JSON file: UTF-16 where its byte order mark says so, UTF-8 else (XML 1.0, 4.3.3).
 * @throws HubError `malformed` for bytes that are none, `too-large` past `limit` bytes
 */
export async function* decodedText(source: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let bytes = 0;
  try {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > limit) throw new HubError("too-large", `the text is larger than ${limit} bytes`);
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder?.decode() ?? "";
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    throw new HubError("malformed", "the text holds bytes that are no characters", {
      cause: thrown,
      problems: [{ place: `byte ${bytes}`, message: "no characters of its encoding", expected: "UTF-8 or UTF-16" }],
    });
  }
}

function encodingOf(first: Uint8Array): string {
  if (first[0] === 0xff && first[1] === 0xfe) return "utf-16le";
  return first[0] === 0xfe && first[1] === 0xff ? "utf-16be" : "utf-8";
}
