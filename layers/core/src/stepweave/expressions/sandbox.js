// Runs a code node's source, in the sandbox's own process, with the prelude's names in reach. Evaluated once per context.
(prelude, head, console, timers) => {
  'use strict';
  const MOST_LOGS = 200;
  const MOST_TEXT = 4000;
  const { parse, stringify } = JSON;
  const logs = [];
  let dropped = 0;
  const write = (level, message) => {
    if (logs.length >= MOST_LOGS) dropped += 1;
    else logs.push({ level, message: message.slice(0, MOST_TEXT) });
  };

  const define = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  define('console', console(write));
  const clock = timers();
  for (const [name, value] of Object.entries(clock.globals)) define(name, value);

  // As n8n's older code nodes have it; code may put something else there.
  Object.defineProperty(globalThis, 'items', {
    get: () => prelude.items(), set: (value) => { define('items', value); }, configurable: true,
  });

  // Each item and its json bear a symbol of their own, which spreading takes along: so what the code makes of an item is
  // known for its own, and what it makes of two for both's.
  const { getOwnPropertySymbols, defineProperty } = Object;
  const { isArray } = Array;
  const marks = new Map();
  const isObject = (value) => typeof value === 'object' && value !== null;
  const mark = (item, index) => {
    const symbol = Symbol();
    marks.set(symbol, index);
    for (const each of [item, item.json]) {
      defineProperty(each, symbol, { value: index, enumerable: true, configurable: true });
    }
  };
  const sourcesOf = (item) => {
    const symbols = [item, item?.json].filter(isObject).flatMap((each) => getOwnPropertySymbols(each));
    return [...new Set(symbols.filter((each) => marks.has(each)).map((each) => marks.get(each)))];
  };
  const listed = (value) => (isArray(value) ? value : [value ?? []].flat()).map(sourcesOf);
  const sources = (value, eachItem) => (marks.size === 0 ? [] : eachItem ? value.map(listed) : listed(value));

  const outcome = { json: null, error: null, item: null };
  let isDone = false;
  const run = async (body, count) => {
    if (count === null) return body();
    const results = [];
    for (let index = 0; index < count; index += 1) {
      outcome.item = index;
      prelude.at(index, null);
      results.push(await body());
    }
    outcome.item = null;
    return results;
  };
  const end = (change) => { Object.assign(outcome, change); isDone = true; };
  return {
    start: (request) => {
      const { code, eachItem, lineage, given } = parse(request);
      let body;
      try {
        for (const [what, value] of given) prelude.put(what, value);
        prelude.at(0, null);
        if (lineage) given.find(([what]) => what === 'items')[1].forEach(mark);
        // Indirect: sloppy, global scope, none of this closure in reach. The head keeps its lines apart from ours.
        body = prelude.evaluate(`(async () => {${head}${code}\n})`);
      } catch (error) {
        return end({ error: prelude.words(error) });
      }
      const count = eachItem ? given.find(([what]) => what === 'items')[1].length : null;
      return run(body, count).then((value) => end({ json: prelude.plain(value), sources: sources(value, eachItem) }))
        .catch((error) => end({ error: prelude.words(error) })) && undefined;
    },
    done: () => isDone,
    pause: clock.pause,
    fire: () => {
      try {
        clock.fire();
      } catch (error) {
        end({ error: prelude.words(error) });
      }
    },
    report: () => stringify({ ...outcome, wanted: parse(prelude.wanted()), logs, dropped }),
    logs: () => stringify({ logs, dropped }),
  };
}
