// What `console` writes to the execution's log: lines with a level, made of texts and of data as JSON.
(write) => {
  'use strict';
  const { stringify } = JSON;
  const counts = new Map();
  const timers = new Map();
  let indent = '';
  const described = (value) => {
    if (value instanceof Map) return [...value];
    if (value instanceof Set) return [...value];
    return typeof value === 'bigint' ? `${value}n` : value;
  };
  const word = (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'bigint') return `${value}n`;
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (typeof value === 'function') return `[function ${value.name || 'without a name'}]`;
    if (value instanceof RegExp) return String(value);
    try {
      return stringify(value, (_, entry) => described(entry)) ?? String(value);
    } catch {
      return String(value);
    }
  };
  const FORMATS = {
    s: word,
    d: (value) => String(typeof value === 'object' ? NaN : Number(value)),
    i: (value) => String(parseInt(value, 10)),
    f: (value) => String(parseFloat(value)),
    j: word,
    o: word,
    O: word,
    c: () => '',
  };
  const line = (values) => {
    const rest = [...values];
    const words = [];
    if (typeof rest[0] === 'string' && rest.length > 1) {
      const format = rest.shift();
      words.push(format.replace(/%([sdifjoOc%])/g, (whole, kind) => {
        if (kind === '%') return '%';
        return rest.length > 0 ? FORMATS[kind](rest.shift()) : whole;
      }));
    }
    return [...words, ...rest.map(word)].join(' ');
  };
  const log = (level) => (...values) => write(level, indent + line(values).replaceAll('\n', `\n${indent}`));
  const info = log('info');
  const warn = log('warning');

  const width = (text) => [...text].length;
  const table = (data, columns) => {
    if (typeof data !== 'object' || data === null) return info(data);
    const entries = data instanceof Map || data instanceof Set ? [...data].map((each, at) => [String(at), each]) : Object.entries(data);
    const isRow = (row) => typeof row === 'object' && row !== null;
    const names = columns ?? [...new Set(entries.flatMap(([, row]) => (isRow(row) ? Object.keys(row) : [])))];
    const hasValues = entries.some(([, row]) => !isRow(row));
    const cell = (value) => (typeof value === 'string' ? `'${value}'` : word(value));
    const rows = entries.map(([key, row]) => [
      key,
      ...names.map((name) => (isRow(row) && Object.hasOwn(row, name) ? cell(row[name]) : '')),
      ...(hasValues ? [isRow(row) ? '' : cell(row)] : []),
    ]);
    const head = ['(index)', ...names, ...(hasValues ? ['Values'] : [])];
    const widths = head.map((name, at) => Math.max(width(name), ...rows.map((row) => width(row[at]))));
    const drawn = (row) => `│ ${row.map((text, at) => text + ' '.repeat(widths[at] - width(text))).join(' │ ')} │`;
    const rule = (left, middle, right) => left + widths.map((size) => '─'.repeat(size + 2)).join(middle) + right;
    return info([rule('┌', '┬', '┐'), drawn(head), rule('├', '┼', '┤'), ...rows.map(drawn), rule('└', '┴', '┘')].join('\n'));
  };
  const since = (label) => {
    if (!timers.has(label)) return warn(`There is no timer ${label}`);
    return `${label}: ${(performance.now() - timers.get(label)).toFixed(1)} ms`;
  };
  const group = (...values) => {
    if (values.length > 0) info(...values);
    indent += '  ';
  };
  const count = (label = 'default') => {
    counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
    info(`${label}: ${counts.get(String(label))}`);
  };
  return {
    log: info,
    info,
    debug: log('debug'),
    warn,
    error: log('error'),
    trace: (...values) => info('Trace:', ...values),
    dir: (value) => info(value),
    dirxml: info,
    table,
    group,
    groupCollapsed: group,
    groupEnd: () => { indent = indent.slice(2); },
    assert: (isTrue, ...values) => {
      if (!isTrue) log('error')(...(values.length > 0 ? [`Assertion failed: ${line(values)}`] : ['Assertion failed']));
    },
    count,
    countReset: (label = 'default') => { counts.delete(String(label)); },
    time: (label = 'default') => { timers.set(String(label), performance.now()); },
    timeLog: (label = 'default', ...values) => {
      const words = since(String(label));
      if (words) info([words, ...values.map(word)].join(' '));
    },
    timeEnd: (label = 'default') => {
      const words = since(String(label));
      timers.delete(String(label));
      if (words) info(words);
    },
  };
}
