import { describe, expect, it } from "vitest";
import type { ExecutionDetail, ExecutionEvent } from "../api/types";
import { NO_LOGS } from "./logs";
import { emptyRun, fromHistory, withEvents } from "./state";
import { added, amountInWords, bytes, costInWords, inWords, sumOf, total } from "./usage";

let seq = 0;
const told = (type: string, more: Partial<ExecutionEvent> = {}): ExecutionEvent => {
  seq += 1;
  return { seq, id: `e${seq}`, type, at: "2026-11-29T10:00:00.000Z", nodeId: "a", attempt: 1, ...more };
};

describe("amounts", () => {
  it.each([
    ["0.1", "0.2", "0.3"],
    ["999999999999999.000000000000000001", "1", "1000000000000000.000000000000000001"],
    ["0", "0", "0"],
    ["1.50", "0.5", "2"],
    ["0.00015", "100", "100.00015"],
    ["nonsense", "1", "1"],
    ["-1", "1", "1"],
    ["1e400", "1", "1"],
  ])("%s and %s are %s", (one, other, sum) => expect(sumOf(one, other)).toBe(sum));

  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [1023, "1023 bytes"],
    [1024, "1.0 KB"],
    [50 * 1024 ** 2, "50 MB"],
    [1024 ** 2 - 1, "1.0 MB"],
    [5 * 1024 ** 5, "5120 TB"],
  ])("%s bytes are %s", (count, words) => expect(bytes(count)).toBe(words));
});

describe("usage", () => {
  it("is added up over attempts and rounds, whichever is shown", () => {
    const tokens = { m: { input: 5, output: 1, cached: 2 } };
    const run = withEvents(emptyRun("x"), [
      told("node.started", { iteration: "0" }),
      told("node.usage", { iteration: "0", usage: { requests: 1 } }),
      told("node.retrying", { iteration: "0", usage: { tokens, money: { EUR: "0.1" } } }),
      told("node.started", { iteration: "1", attempt: 1 }),
      told("node.succeeded", { iteration: "0", attempt: 2, usage: { tokens, money: { EUR: "0.2" } } }),
      told("node.waiting", { nodeId: "b", usage: { counted: { pages: "2" } } }),
    ]);
    expect(run.usage.a).toMatchObject({ requests: 1, money: { EUR: "0.3" } });
    expect(run.usage.a?.tokens).toEqual({ m: { input: 10, output: 2, cached: 4 } });
    expect(total(run.usage)).toMatchObject({ counted: { pages: "2" }, requests: 1 });
    expect(run.nodes.a?.iteration).toBe("1");
  });

  it("counts an event once, and goes on from what the API has", () => {
    const first = told("node.usage", { usage: { requests: 1 } });
    let run = withEvents(emptyRun("x"), [first]);
    run = withEvents(run, [first]);
    expect(run.usage.a?.requests).toBe(1);
    const nodeRun = { nodeId: "a", iteration: "", status: "running", usage: { requests: 7 } };
    const detail = { id: "x", lastSeq: seq, nodeRuns: [nodeRun] } as unknown as ExecutionDetail;
    run = withEvents(fromHistory(detail, NO_LOGS), [first, told("node.usage", { usage: { requests: 2 } })]);
    expect(run.usage.a?.requests).toBe(9);
  });

  it("begins no run of a node that nothing else is known of", () => {
    const run = withEvents(emptyRun("x"), [told("node.usage", { usage: { requests: 1 } })]);
    expect(run.nodes).toEqual({});
  });

  it("is put in words, without what is none", () => {
    const usage = added(undefined, {
      requests: 1,
      bytesReceived: 2048,
      money: { EUR: "0.0003" },
      tokens: { "gpt-4o": { input: 12, output: 3, cached: 4 }, small: { input: 1, output: 0, cached: 0 } },
      counted: { pages: "2.5" },
    });
    expect(inWords(usage)).toEqual([
      "0.0003 EUR",
      "gpt-4o: 12 tokens in (4 cached), 3 out",
      "small: 1 tokens in, 0 out",
      "2.5 pages",
      "1 request",
      "2.0 KB received",
    ]);
    expect(inWords({})).toEqual([]);
    expect(total({})).toBeNull();
  });

  it("takes names that objects have of their own for names", () => {
    const usage = added(added(undefined, { counted: { constructor: "1" } }), { counted: { constructor: "1" } });
    expect(usage.counted).toEqual({ constructor: "2" });
  });
});

describe("output that comes bit by bit", () => {
  const part = (text: string, offset: number, more: Partial<ExecutionEvent> = {}, item = 0) =>
    told("node.partial", { parts: [{ item, offset, text }], ...more });

  it("is put together by item, and gone when the node has ended", () => {
    let run = withEvents(emptyRun("x"), [told("node.started"), part("Hel", 0), part("lo", 3), part("x", 0, {}, 1)]);
    expect(run.coming.a?.items).toEqual({
      0: { text: "Hello", begun: true, cut: false },
      1: { text: "x", begun: true, cut: false },
    });
    run = withEvents(run, [told("node.succeeded", { output: { main: { count: 1 } } })]);
    expect(run.coming).toEqual({});
    expect(run.nodes.a?.sent).toEqual({ main: 1 });
  });

  it("begins anew with another attempt, whose predecessor says nothing any more", () => {
    const run = withEvents(emptyRun("x"), [
      part("old", 0),
      told("node.retrying"),
      part("new", 0, { attempt: 2 }),
      part(" late", 3, { attempt: 1 }),
    ]);
    expect(run.coming.a).toMatchObject({ attempt: 2, items: { 0: { text: "new" } } });
  });

  it("says that its beginning is not known, and that no more is told", () => {
    const run = withEvents(emptyRun("x"), [
      told("node.partial", { parts: [{ item: 0, offset: 900, text: "rest", cut: true }] }),
    ]);
    expect(run.coming.a?.items[0]).toEqual({ text: "rest", begun: false, cut: true });
  });

  it("is not ended by another round or a line of the log", () => {
    const run = withEvents(emptyRun("x"), [
      part("x", 0, { iteration: "1" }),
      told("node.succeeded", { iteration: "0" }),
      told("node.log", { iteration: "1", message: "m" }),
      told("node.usage", { iteration: "1", usage: { requests: 1 } }),
    ]);
    expect(run.coming.a?.items[0]?.text).toBe("x");
  });
});

describe("what something cost", () => {
  it.each([
    ["0", "0"],
    ["0.3", "0.30"],
    ["0.30015", "0.30"],
    ["0.0123", "0.012"],
    ["0.00015", "0.00015"],
    ["0.0000001", "< 0.000001"],
    ["1234.5", "1,234.50"],
    ["12", "12.00"],
  ])("shows %s as %s", (amount, shown) => {
    expect(amountInWords(amount)).toBe(shown);
  });

  it("is its money, else its tokens", () => {
    expect(costInWords({ tokens: 1290, money: { USD: "0.5" } })).toBe("0.50 USD");
    expect(costInWords({ tokens: 1290, money: {} })).toBe("1,290 tokens");
    expect(costInWords({ tokens: 1, money: {} })).toBe("1 token");
  });
});
