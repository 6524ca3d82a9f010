import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import pg from "pg";
import { freePort } from "./free-port.ts";

/** A server of one's own, with a role that owns the tables and one that owns nothing. */
export interface PostgresServer {
  readonly url: string;
  readonly ownerUrl: string;
  readonly adminUrl: string;
  /** Ends it as a crash would, and starts it anew. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root: it runs as `nobody` then. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const DEADLINE_MS = 20_000;

/** @param postgres path of the server's executable */
export async function startPostgres(postgres: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "twinweave-pg-"));
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? NOBODY : {};
  if (isRoot) chownSync(folder, NOBODY.uid, NOBODY.gid);
  const data = join(folder, "data");
  const made = spawnSync(
    join(dirname(postgres), "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    { ...user, cwd: folder },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const port = await freePort();
  const url = (role: string): string => `postgresql://${role}@127.0.0.1:${port}/postgres`;
  const settings = ["max_connections=120", "shared_buffers=64MB", "log_min_messages=fatal"];
  const start = async () => {
    const args = ["-D", data, "-k", folder, "-p", String(port), "-c", "listen_addresses=127.0.0.1"];
    const child = spawn(postgres, [...args, ...settings.flatMap((one) => ["-c", one])], {
      ...user,
      cwd: folder,
      stdio: "ignore",
    });
    await ready(url("postgres"));
    return child;
  };
  let child = await start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  await run(
    url("postgres"),
    `CREATE ROLE owner LOGIN; CREATE ROLE hub LOGIN; GRANT CREATE ON DATABASE postgres TO owner`,
  );
  return {
    url: url("hub"),
    ownerUrl: url("owner"),
    adminUrl: url("postgres"),
    async restart() {
      await end("SIGQUIT");
      child = await start();
    },
    async stop() {
      await end("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function run(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** The server says nowhere when it is ready: it is asked. */
async function ready(url: string): Promise<void> {
  for (const end = performance.now() + DEADLINE_MS; ; await later(20)) {
    try {
      return await run(url, "SELECT 1");
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}
