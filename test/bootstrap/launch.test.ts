import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { ROOT } from "../architecture/walls.ts";

/** The launched program: tells its process id once it is ready, and does what its first argument says. */
const PROGRAM = `
const [verb, argument] = process.argv.slice(2);
if (verb === "wait" || verb === "stubborn") {
  const waiting = setInterval(() => {}, 1000);
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => {
    console.log(signal);
    if (verb === "wait") { clearInterval(waiting); process.exitCode = 7; }
  });
}
if (verb === "message") process.once("message", (message) => process.send({ got: message }, () => process.disconnect()));
console.log(process.pid);
if (verb === "echo") process.stdin.pipe(process.stdout);
if (verb === "environment") console.log(String(process.env.TWINWEAVE_LIFELINE));
if (verb === "exit") process.exit(Number(argument));
if (verb === "abort") process.kill(process.pid, "SIGABRT");
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("bootstrap: the launcher", () => {
  let folder: string;
  let launcher: string;
  const started: ChildProcess[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-launch-"));
    launcher = join(folder, "launcher.mjs");
    const launch = pathToFileURL(join(ROOT, "bin/bootstrap/launch.js")).href;
    await writeFile(join(folder, "program.mjs"), PROGRAM);
    await writeFile(
      launcher,
      `import { launch } from ${JSON.stringify(launch)};\nlaunch(process.execPath, [${JSON.stringify(join(folder, "program.mjs"))}, ...process.argv.slice(2)]);\n`,
    );
  });
  after(async () => {
    for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });

  interface Launched {
    readonly wrapper: ChildProcess;
    /** Process id of the program. */
    readonly pid: number;
    line(): Promise<string>;
    /** Exit code and signal of the launcher. */
    readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
  }

  async function launched(...args: string[]): Promise<Launched> {
    const wrapper = spawn(process.execPath, [launcher, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    started.push(wrapper);
    const ended = once(wrapper, "exit").then(([code, signal]) => [code, signal] as const);
    const lines = createInterface({ input: wrapper.stdout })[Symbol.asyncIterator]();
    const line = async () => String((await lines.next()).value);
    return { wrapper, pid: Number(await line()), line, ended };
  }

  it("keeps the exit code", async () => {
    expect(await (await launched("exit", "0")).ended).to.deep.equal([0, null]);
    expect(await (await launched("exit", "42")).ended).to.deep.equal([42, null]);
  });

  it("ends by the signal that ended the program", async () => {
    expect(await (await launched("abort")).ended).to.deep.equal([null, "SIGABRT"]);
  });

  it("hands on its input", async () => {
    const { wrapper, line } = await launched("echo");
    wrapper.stdin?.end("hello\n");
    expect(await line()).to.equal("hello");
  });

  it("hands on messages both ways", async () => {
    const wrapper = fork(launcher, ["message"], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    started.push(wrapper);
    wrapper.send({ question: 1 });
    const [answer] = await once(wrapper, "message");
    expect(answer).to.deep.equal({ got: { question: 1 } });
    await once(wrapper, "exit");
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`hands on ${signal} once and waits for the orderly stop`, async () => {
      const { wrapper, pid, line, ended } = await launched("wait");
      wrapper.kill(signal);
      expect(await line()).to.equal(signal);
      expect(await ended).to.deep.equal([7, null]);
      expect(isAlive(pid)).to.equal(false);
    });
  }

  it("stops the program when it is itself killed", async () => {
    const { wrapper, line } = await launched("wait");
    const output = once(wrapper.stdout ?? process.stdin, "close");
    wrapper.kill("SIGKILL");
    expect(await line()).to.equal("SIGTERM");
    // The program alone holds the pipe's other end now, so closed means that it has ended. (Its process id may go on
    // as a zombie where nothing reaps orphans, as in many containers.)
    await output;
  });

  it("ends a program that does not stop within 10 s after that", async function () {
    this.timeout(20_000);
    const { wrapper, pid, line } = await launched("stubborn");
    const output = once(wrapper.stdout ?? process.stdin, "close");
    wrapper.kill("SIGKILL");
    expect(await line()).to.equal("SIGTERM");
    expect(isAlive(pid)).to.equal(true);
    await output;
  });

  it("stops the program when npm is ended, whose shell hands no signal on", async function () {
    if (process.platform === "win32") this.skip();
    const env = { ...process.env, npm_lifecycle_event: "start" };
    // The second command keeps the shell from replacing itself by the first.
    const shell = spawn("sh", ["-c", '"$0" "$1" wait; true', process.execPath, launcher], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    started.push(shell);
    const lines = createInterface({ input: shell.stdout })[Symbol.asyncIterator]();
    expect(Number((await lines.next()).value)).to.be.greaterThan(0);
    const output = once(shell.stdout, "close");
    shell.kill("SIGTERM");
    expect((await lines.next()).value).to.equal("SIGTERM");
    await output;
  });

  it("leaves nothing in the environment for the program's own children", async () => {
    const { line } = await launched("environment");
    expect(await line()).to.equal("undefined");
  });
});
