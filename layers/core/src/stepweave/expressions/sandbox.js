// Runs a code node's source, in the sandbox's own process, with the prelude's names in reach. Returns its steps.
(prelude, settings) => {
  'use strict';
  const { parse, stringify } = JSON;
  const { mostLogs, mostText } = parse(settings);
  const logs = [];
  let dropped = 0;
  const word = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    try {
      return stringify(value) ?? String(value);
    } catch {
      return String(value);
    }
  };
  const log = (level) => (...values) => {
    if (logs.length >= mostLogs) dropped += 1;
    else logs.push({ level, message: values.map(word).join(' ').slice(0, mostText) });
  };
  const console = Object.freeze({
    log: log('info'), info: log('info'), debug: log('debug'), warn: log('warning'), error: log('error'),
  });
  Object.defineProperty(globalThis, 'console', { value: console });

  const outcome = { done: false, json: null, error: null };
  const AsyncFunction = (async () => {}).constructor;
  const failure = (error) => ({
    message: error instanceof Error ? `${error.name}: ${error.message}` : word(error),
    stack: error instanceof Error ? String(error.stack) : '',
  });
  const each = async (body) => {
    const results = [];
    for (let index = 0; index < prelude.count(); index += 1) {
      prelude.at(index);
      results.push(await body());
    }
    return results;
  };
  return {
    start: (source, eachItem) => {
      const body = new AsyncFunction(parse(source));
      (eachItem ? each(body) : body()).then(
        (value) => { outcome.json = prelude.plain(value); outcome.done = true; },
        (error) => { outcome.error = failure(error); outcome.done = true; },
      ).catch((error) => { outcome.error = failure(error); outcome.done = true; });
    },
    done: () => outcome.done,
    report: () => stringify({ ...outcome, logs, dropped }),
    logs: () => stringify({ logs, dropped }),
  };
}
