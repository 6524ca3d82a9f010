import express from "express";

/**
 * `node express-app.ts METHOD STATUS TYPE BODY`: the baseline, an Express 5 app with one route that sends these bytes. What
 * it is sent it takes as JSON, as any app that does something with it would, and does nothing with it.
 */
const [method = "GET", status = "200", type = "", body = ""] = process.argv.slice(2);
const app = express();
if (method !== "GET") app.use(express.json({ strict: false }));
app.all("/", (request, response) => {
  if (request.method !== method) return void response.sendStatus(405);
  response.status(Number(status));
  if (type === "") response.end();
  else response.type(type).send(body);
});
const server = app.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the app has no port");
  process.send?.({ url: `http://127.0.0.1:${address.port}` });
});
const stop = (): void => process.exit(0);
process.once("SIGTERM", stop);
process.once("disconnect", stop);
