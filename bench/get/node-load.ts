import { Agent, get } from "node:http";

/** `node node-load.ts URL CONNECTIONS SECONDS`: asks over kept connections, each as soon as it was answered. */
const [url = "", connections = "1", seconds = "1"] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const end = performance.now() + Number(seconds) * 1_000;
let answers = 0;

function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().once("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    }).once("error", reject);
  });
}

async function connection(): Promise<void> {
  while (performance.now() < end) {
    await ask();
    answers += 1;
  }
}

await Promise.all(Array.from({ length: Number(connections) }, connection));
agent.destroy();
process.send?.({ answers });
process.once("SIGTERM", () => process.exit(0));
