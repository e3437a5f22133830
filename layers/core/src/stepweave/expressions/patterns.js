// Tests one text against one regular expression, in a process of its own (`patterns.py`). Evaluated once per context.
() => {
  'use strict';
  const { parse, stringify } = JSON;
  let answer;
  return {
    start: (request) => {
      const { pattern, flags, text } = parse(request);
      try {
        answer = { matches: new RegExp(pattern, flags).test(text) };
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
