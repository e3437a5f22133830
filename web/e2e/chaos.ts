/** What breaks in production, done to the tests' stack: connections that are cut, a Redis emptied, a recorder killed. */

import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";

const RECORDER = "stepweave-local-recorder";
/** Characters of a process's name that Linux keeps (`proc(5)`, comm). */
const MOST_OF_A_NAME = 15;

/** What `local/testing.py` tells of the tests' stack. Throws where it is missing: never break another one. */
function told(name: string): string {
  const value = process.env[name];
  if (!value || process.env.STEPWEAVE_TEST_STACK !== "1") throw new Error("Only the tests' own stack is broken.");
  return value;
}

const redisPort = () => told("STEPWEAVE_REDIS_PORT");
const stateFolder = () => told("STEPWEAVE_STATE_DIR");

/** A TCP proxy in front of a server, whose connections can be cut all at once. */
export class CuttingProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private taken = 0;

  constructor(target: { host: string; port: number }) {
    this.server = createServer((incoming) => {
      const outgoing = connect(target);
      this.taken += 1;
      for (const [socket, other] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ] as const) {
        this.sockets.add(socket);
        socket.on("error", () => undefined);
        socket.on("close", () => {
          this.sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
  }

  async listen(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
    return address.port;
  }

  /** How many connections it has taken so far. */
  get connections(): number {
    return this.taken;
  }

  /** Cuts every connection without a word and returns how many there were. */
  cut(): number {
    const cut = this.sockets.size / 2;
    for (const socket of this.sockets) socket.resetAndDestroy();
    return cut;
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, "close");
  }
}

/** Empties the tests' Redis: subscriptions, snapshots, tickets, everything. */
export async function flushRedis(): Promise<void> {
  const secrets = JSON.parse(readFileSync(join(stateFolder(), "secrets.json"), "utf8")) as { redis_password: string };
  const socket = connect({ host: "127.0.0.1", port: Number(redisPort()) });
  socket.write(`AUTH ${secrets.redis_password}\r\nFLUSHALL\r\n`);
  let answer = "";
  while (answer.split("\r\n").length < 3) answer += String(((await once(socket, "data")) as [Buffer])[0]);
  socket.destroy();
  if (answer !== "+OK\r\n+OK\r\n") throw new Error(`Redis was not emptied: ${answer}`);
}

/** Kills the processes of the tests' recorder function, whatever they are at, and returns how many there were. */
export function killRecorders(): number {
  const folder = stateFolder();
  const found = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isRecorder(name, folder));
  for (const pid of found) process.kill(Number(pid), "SIGKILL");
  return found.length;
}

/** The emulator names its processes by the end of their function's name; they work below the stack's own state folder. */
function isRecorder(pid: string, folder: string): boolean {
  try {
    const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    return name === RECORDER.slice(-MOST_OF_A_NAME) && readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`);
  } catch {
    return false; // it has ended, or is somebody else's
  }
}
