// Tests one text against one regular expression, finds or splits by it, or replaces what it finds in several, in a process of its own
// (`patterns.py`). Evaluated once per context.
() => {
  'use strict';
  const { parse, stringify } = JSON;
  let answer;
  const work = ({ pattern, flags, text, texts, replacement, action, most }) => {
    const wanted = action === 'find' && !flags.includes('g') ? `${flags}g` : flags;
    const expression = new RegExp(pattern, wanted);
    if (texts !== undefined) return { texts: texts.map((one) => one.replace(expression, replacement)) };
    if (action === 'split') return { parts: text.split(expression, most) };
    if (action !== 'find') return { matches: expression.test(text) };
    const found = [];
    for (const match of text.matchAll(expression)) {
      if (found.length === most) return { found, more: true };
      found.push([match[0], ...match.slice(1).map((group) => group ?? null)]);
    }
    return { found };
  };
  return {
    start: (request) => {
      const given = parse(request);
      try {
        answer = work(given);
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
