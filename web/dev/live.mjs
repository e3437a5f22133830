// The live channel of the fake API: tells who subscribed what executions do.
import { randomUUID } from "node:crypto";
import { WebSocketServer } from "ws";

/** What lists and live news say of an execution. */
export const summary = ({ events, logs, items, nodeRuns, document, played, response, ...rest }) => rest;

export class Live {
  #state;
  #sockets = new Map();

  constructor(state) {
    this.#state = state;
  }

  listen(server) {
    new WebSocketServer({ server, path: "/live" }).on("connection", (socket) => {
      this.#sockets.set(socket, new Set());
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("message", (text) => this.#answer(socket, JSON.parse(String(text))));
    });
  }

  /** Ends all connections, so that the server can end. */
  close() {
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  push(execution, event) {
    const numbered = { ...event, id: randomUUID(), seq: ++execution.lastSeq, at: new Date().toISOString() };
    execution.events.push(numbered);
    if (event.type === "node.log") {
      const { nodeId, level, message, data = null } = event;
      execution.logs.push({ seq: numbered.seq, nodeId, at: numbered.at, level, message, data });
    }
    this.#send(`execution:${execution.id}`, { type: "events", executionId: execution.id, events: [numbered] });
    return numbered;
  }

  announce(execution) {
    for (const channel of [`tenant:${this.#state.tenant.id}`, `workflow:${execution.workflowId}`]) {
      this.#send(channel, { type: "execution", execution: summary(execution) });
    }
  }

  #send(channel, message) {
    for (const [socket, channels] of this.#sockets) {
      if (channels.has(channel)) socket.send(JSON.stringify({ ...message, channel }));
    }
  }

  #answer(socket, { action, channel, after }) {
    const channels = this.#sockets.get(socket);
    if (action === "ping") socket.send('{"type":"pong"}');
    if (action === "unsubscribe") channels.delete(channel);
    if (action !== "subscribe") return;
    channels.add(channel);
    const execution = this.#state.executions.find(({ id }) => channel === `execution:${id}`);
    socket.send(JSON.stringify({ type: "subscribed", channel, lastSeq: execution?.lastSeq ?? 0 }));
    const events = execution?.events.filter((event) => event.seq > (after ?? 0)) ?? [];
    if (events.length > 0) socket.send(JSON.stringify({ type: "events", channel, executionId: execution.id, events }));
  }
}
