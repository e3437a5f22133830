// What expressions and code nodes see. Run once per context, before any user code; `load` is kept by the engine and
// given JSON text, so no user data is ever spliced into source.
(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const { freeze, create, hasOwn, keys } = Object;
  const state = { items: [], index: 0, outputs: create(null), known: create(null) };

  const paired = (items) => items[items.length === 1 ? 0 : state.index];
  const view = (items, item) => freeze({
    all: () => items,
    first: () => items[0],
    last: () => items[items.length - 1],
    get item() { return item(); },
    get length() { return items.length; },
  });
  const node = (name) => {
    if (!(name in state.known)) {
      throw new ReferenceError(`there is no node ${stringify(String(name))} before this one`);
    }
    const output = state.outputs[name];
    const ports = output ?? {};
    const every = keys(ports).flatMap((port) => ports[port]);
    const items = (port) => (port === undefined ? every : ports[port] ?? []);
    return freeze({
      all: items,
      first: (port) => items(port)[0],
      last: (port) => items(port).at(-1),
      get item() { return paired(every); },
      get json() { return paired(every)?.json; },
      get binary() { return paired(every)?.binary; },
      isExecuted: output !== null,
    });
  };
  const nodes = new Proxy(create(null), { get: (_, name) => (typeof name === 'string' ? node(name) : undefined) });
  const current = () => state.items[state.index];
  const empty = (value) => value === undefined || value === null || value === ''
    || (typeof value === 'object' && !(value instanceof Date) && keys(value).length === 0);

  const names = {
    $: () => node,
    $node: () => nodes,
    $json: () => current()?.json,
    $binary: () => current()?.binary,
    $input: () => view(state.items, current),
    $items: () => state.items,
    $itemIndex: () => state.index,
    $workflow: () => state.workflow,
    $execution: () => state.execution,
    $vars: () => state.variables,
    $if: () => (condition, yes, no) => (condition ? yes : no),
    $ifEmpty: () => (value, otherwise) => (empty(value) ? otherwise : value),
  };
  for (const [name, get] of Object.entries(names)) Object.defineProperty(globalThis, name, { get, configurable: false });

  // Numbers, dates and objects as JSON has them; bigint as text; undefined and functions as null.
  const plain = (value) => {
    const json = stringify(value, (_, entry) => (typeof entry === 'bigint' ? String(entry) : entry));
    return json === undefined ? 'null' : json;
  };
  const text = (value) => {
    if (value === undefined || value === null) return '';
    if (value instanceof Date) return value.toISOString();
    return typeof value === 'object' ? stringify(value) : String(value);
  };
  return {
    load: (what, json) => { state[what] = parse(json); },
    know: (json) => { for (const name of parse(json)) state.known[name] = true; },
    output: (name, json) => { state.outputs[parse(name)] = parse(json); },
    at: (index) => { state.index = index; },
    // Indirect eval: strict, global scope, and none of this closure in reach.
    compile: (source) => (0, eval)(`'use strict';(() => (${parse(source)}\n))`),
    value: (compiled) => plain(compiled()),
    text: (compiled) => stringify(text(compiled())),
    plain,
    count: () => state.items.length,
  };
})()
