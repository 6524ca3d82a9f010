import express from "express";

/** The baseline of all HTTP figures: an Express 5 app with one route that sends what it was given at its start. */
const [type = "application/json", body = ""] = process.argv.slice(2);
const app = express();
app.get("/", (_request, response) => void response.type(type).send(body));
const server = app.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the app has no port");
  process.send?.({ url: `http://127.0.0.1:${address.port}/` });
});
const stop = (): void => process.exit(0);
process.once("SIGTERM", stop);
process.once("disconnect", stop);
