/** One document of an Environment: the list that it stands in, and its JSON text. */
export interface JsonItem {
  readonly list: string;
  readonly text: string;
}

/** The JSON text of an Environment in chunks of one document; what is empty is left out, as the schema wants it. */
export async function* jsonEnvironment(items: AsyncIterable<JsonItem>): AsyncGenerator<string> {
  let open: string | undefined;
  for await (const { list, text } of items) {
    if (list === open) yield `,${text}`;
    else yield `${open === undefined ? "{" : "],"}"${list}":[${text}`;
    open = list;
  }
  yield open === undefined ? "{}" : "]}";
}
