// Plays an execution: walks the graph, tells it as events, keeps items and node runs for the REST answers.
import { randomUUID } from "node:crypto";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const CURRENCIES = ["EUR", "USD", "GBP", "JPY"];
const NAMES = ["Ada Lovelace", "Grace Hopper", "Žofie Nováková", "李雷", "Linus", "Sœur Marie"];

const orders = Array.from({ length: 54 }, (_, index) => ({
  json: {
    id: index + 1,
    customer: NAMES[index % NAMES.length],
    amount: [12.5, 99, 1450, 0, 380.25, 9_999_999][index % 6],
    currency: CURRENCIES[index % 4],
    note: index % 7 === 0 ? "<img src=x onerror=alert(1)>" : null,
    address: { city: "Berlin", lines: ["Main street 1", "3rd floor"] },
  },
}));

/** A text with `{{ }}` for one item. Enough for work on the editor; the real engine is `stepweave.expressions`. */
export function evaluate(value, json) {
  if (typeof value !== "string") return value;
  const whole = /^\s*\{\{([\s\S]*)\}\}\s*$/.exec(value);
  return whole ? new Function("$json", `return (${whole[1]})`)(json) : value;
}

const COMPARE = {
  equals: (a, b) => a === b,
  greater: (a, b) => Number(a) > Number(b),
  greaterOrEqual: (a, b) => Number(a) >= Number(b),
};

function outputOf(execution, node, input, given, log) {
  if (node.type === "if") {
    const holds = ({ json }) =>
      node.params.conditions.every(({ left, operator, right }) =>
        (COMPARE[operator] ?? COMPARE.equals)(evaluate(left, json), evaluate(right, json)),
      );
    return { true: input.filter(holds), false: input.filter((item) => !holds(item)) };
  }
  if (node.type === "http_request")
    return { main: [{ json: { base: "EUR", USD: 1.08, GBP: 0.84, JPY: 161.2, EUR: 1 } }] };
  if (node.type === "code" && execution.workflowName === "Order triage") {
    return {
      main: orders.map((item, index) => ({
        json: { ...item.json, id: index < 2 ? `e2e-${index + 1}` : index, amountEur: item.json.amount },
      })),
    };
  }
  if (node.type === "code") {
    const named = (name) => {
      const { id } = execution.document.nodes.find((other) => other.name === name);
      const items = execution.items[id].out.main;
      return { all: () => items, first: () => items[0], last: () => items.at(-1) };
    };
    const result = new Function("$input", "$", "console", node.params.code)({ all: () => input }, named, { log });
    return { main: result.map((entry) => (entry.json ? entry : { json: entry })) };
  }
  if (node.type === "respond_to_webhook" && node.params.bodyKind === "json") {
    const entries = Object.entries(node.params.jsonBody ?? {});
    execution.response = Object.fromEntries(entries.map(([key, value]) => [key, evaluate(value, input[0]?.json)]));
  }
  if (node.type === "manual_trigger" || node.type === "webhook_trigger") {
    return { main: given ?? (node.params.items ?? [{}]).map((json) => ({ json })) };
  }
  if (node.type === "set_fields") {
    const set = Object.fromEntries((node.params.assignments ?? []).map(({ name, value }) => [name, value]));
    return { main: input.map(({ json }) => ({ json: { ...json, ...set } })) };
  }
  return { main: input };
}

const batches = (ports) =>
  Object.fromEntries(Object.entries(ports).map(([port, items]) => [port, { count: items.length }]));

export function simulate(state, workflow, request, live) {
  const execution = {
    id: randomUUID(),
    workflowId: workflow.id,
    workflowName: workflow.document.name,
    workflowVersion: request.mode === "live" ? workflow.publishedVersion : null,
    versionName: "",
    mode: request.mode ?? "draft",
    trigger: request.trigger ?? "manual",
    status: "running",
    startedAt: new Date().toISOString(),
    endedAt: null,
    durationMs: null,
    error: null,
    lastSeq: 0,
    events: [],
    logs: [],
    items: {},
    nodeRuns: {},
    document: structuredClone(workflow.document),
    debug: request.debug ?? null,
    stops: new Map(),
  };
  state.executions.unshift(execution);
  const push = (...told) => live.push(...told);
  execution.played = play(state, execution, request.items, push).finally(() => live.announce(execution));
  live.announce(execution);
  return execution;
}

/** Waits where a debug run stops before a node; returns whether the node is passed over. Every step is one of all. */
async function stopAt(execution, node, into, input, push) {
  const breakpoint = execution.debug.breakpoints.find(
    ({ nodeId, edge }) =>
      nodeId === node.id || (edge?.target === node.id && into.some((one) => one.source === edge.source)),
  );
  if (!breakpoint && !execution.debug.stepwise) return false;
  const id = randomUUID();
  const reason = !breakpoint ? "step" : breakpoint.edge ? "edge" : "node";
  const expiresAt = new Date(Date.now() + 1000 * (execution.debug.stopSeconds ?? 1800)).toISOString();
  const stop = {
    id,
    nodeId: node.id,
    iteration: "",
    reason,
    breakpoint,
    createdAt: new Date().toISOString(),
    expiresAt,
  };
  const went = new Promise((resolve) => execution.stops.set(id, { stop, input, resolve }));
  push(execution, { type: "node.stopped", nodeId: node.id, stop: { id, reason, breakpoint, expiresAt } });
  const { action, items } = await went;
  execution.debug.stepwise = action === "step" || action === "skip";
  push(execution, { type: "node.released", nodeId: node.id, stop: { id, action } });
  if (items?.main) input.splice(0, input.length, ...items.main);
  return action === "skip";
}

async function play(state, execution, given, push) {
  const { nodes, edges } = execution.document;
  const pace = state.pace ?? 500;
  const done = new Map();
  push(execution, { type: "execution.started", trigger: {} });
  const runNode = async (node) => {
    const into = edges.filter((edge) => edge.target === node.id);
    await Promise.all(into.map((edge) => done.get(edge.source)));
    const input = into.flatMap((edge) => execution.items[edge.source]?.out[edge.sourcePort] ?? []);
    if (execution.error || execution.cancelled) return;
    if (into.length > 0 && input.length === 0) return;
    const skipped = execution.debug && into.length > 0 && (await stopAt(execution, node, into, input, push));
    let started = Date.now();
    const run = {
      nodeId: node.id,
      attempt: 1,
      status: "running",
      startedAt: new Date().toISOString(),
      endedAt: null,
      durationMs: null,
      input: { main: [{ count: input.length }] },
      output: null,
      error: null,
    };
    execution.nodeRuns[node.id] = run;
    push(execution, { type: "node.started", nodeId: node.id, attempt: 1 });
    if (!node.type.endsWith("_trigger")) await sleep(pace * (0.6 + Math.random()));
    if (node.type === "http_request") {
      push(execution, {
        type: "node.retrying",
        nodeId: node.id,
        attempt: 1,
        durationMs: 40,
        error: { type: "HttpServerError", message: "503 Service Unavailable" },
      });
      run.status = "retrying";
      await sleep(pace);
      run.attempt = 2;
      started = Date.now();
      run.startedAt = new Date(started).toISOString();
      push(execution, { type: "node.started", nodeId: node.id, attempt: 2 });
      await sleep(pace);
    }
    const log = (message, level = "info") =>
      push(execution, { type: "node.log", nodeId: node.id, attempt: run.attempt, level, message: String(message) });
    if (node.type === "code" && execution.workflowName === "Order triage") {
      log(`Converting ${orders.length} orders`);
      log("Order 4 has the amount 0", "warning");
      log(JSON.stringify(orders[2].json), "debug");
    }
    let produced = {};
    let thrown = null;
    try {
      produced = skipped ? { main: input } : outputOf(execution, node, input, given, log);
    } catch (error) {
      thrown = { type: "JavaScriptError", message: String(error), remedy: "Correct the code.", retryable: false };
    }
    if (state.failNode === node.name || thrown) {
      const error = thrown ?? {
        type: "DatabaseError",
        message: 'relation "orders" does not exist',
        remedy: "Create the table, or correct its name in the node's parameters.",
        retryable: false,
        item: 3,
        details: { sqlState: "42P01" },
      };
      Object.assign(run, {
        status: "failed",
        error,
        endedAt: new Date().toISOString(),
        durationMs: Date.now() - started,
      });
      execution.items[node.id] = { in: { main: input }, out: {} };
      execution.error = error;
      push(execution, {
        type: "node.failed",
        nodeId: node.id,
        attempt: run.attempt,
        error,
        input: run.input,
        durationMs: run.durationMs,
      });
      return;
    }
    const ports = Object.fromEntries(Object.entries(produced).filter(([, items]) => items.length > 0));
    execution.items[node.id] = { in: { main: input }, out: ports };
    Object.assign(run, {
      status: "succeeded",
      output: batches(ports),
      endedAt: new Date().toISOString(),
      durationMs: Date.now() - started,
    });
    push(execution, {
      type: "node.succeeded",
      nodeId: node.id,
      attempt: run.attempt,
      input: run.input,
      output: run.output,
      durationMs: run.durationMs,
    });
  };
  for (const node of nodes)
    done.set(
      node.id,
      sleep(0).then(() => runNode(node)),
    );
  await Promise.all(done.values());
  execution.status = execution.cancelled ? "cancelled" : execution.error ? "failed" : "succeeded";
  execution.endedAt = new Date().toISOString();
  execution.durationMs = Date.parse(execution.endedAt) - Date.parse(execution.startedAt);
  push(execution, { type: `execution.${execution.status}`, error: execution.error, durationMs: execution.durationMs });
}
