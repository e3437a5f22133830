// Tests one text against one regular expression, or replaces what it finds in several, in a process of its own (`patterns.py`). Evaluated once per context.
() => {
  'use strict';
  const { parse, stringify } = JSON;
  let answer;
  return {
    start: (request) => {
      const { pattern, flags, text, texts, replacement } = parse(request);
      try {
        const found = new RegExp(pattern, flags);
        answer = texts === undefined ? { matches: found.test(text) } : { texts: texts.map((one) => one.replace(found, replacement)) };
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        answer = { invalid: error.message };
      }
    },
    done: () => true,
    pause: () => -1,
    fire: () => {},
    report: () => stringify(answer),
    logs: () => '{"logs":[],"dropped":0}',
  };
}
