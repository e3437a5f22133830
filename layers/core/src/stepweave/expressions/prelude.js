// What expressions and code nodes see. Evaluated once per context, before any user code.
//
// The host gives data as JSON text (`give`), so nothing of a user's is ever spliced into source. What user code asks for
// and the host has not given yet is noted in `wanted`; the host gives it and runs the code again. Between expressions
// nothing may be left behind, so with `frozen` shared data cannot be changed; a code node owns what it gets.
(frozen) => {
  'use strict';
  const { parse, stringify } = JSON;
  const { freeze, create, keys, defineProperty, isFrozen, getPrototypeOf, setPrototypeOf } = Object;
  const { isArray } = Array;
  const evaluate = eval;
  const away = '\n'.repeat(5000);
  // Long strings that were put together are ropes inside QuickJS, which its Python binding cannot read; these are not.
  const flat = Function.prototype.call.bind(Array.prototype.join);
  const objectPrototype = Object.prototype;
  const given = create(null);
  let wanted = [];
  let index = 0;
  let itemText = null;
  let current;

  const need = (what) => {
    if (!(what in given)) {
      wanted[wanted.length] = what;
      throw new Error(`${what} was not there yet`);
    }
    return given[what];
  };
  const deepFrozen = (value) => {
    if (!frozen || typeof value !== 'object' || value === null || isFrozen(value)) return value;
    const names = keys(value);
    for (let at = 0; at < names.length; at += 1) deepFrozen(value[names[at]]);
    return freeze(value);
  };
  const own = (item) => (frozen && item !== undefined ? parse(stringify(item)) : item);
  const list = (items) => (frozen ? items.slice() : items);

  const item = () => {
    if (current === undefined) {
      if (itemText !== null) current = parse(itemText);
      else if (frozen) need('item');
      else current = need('items')[index];
    }
    return current;
  };
  const inputs = (port) => {
    if (port === undefined || port === 'main') return need('items');
    const ports = need('inputs');
    if (!(port in ports)) throw new ReferenceError(`no items arrive on the port ${stringify(port)}`);
    return ports[port];
  };
  const input = freeze({
    all: (port) => list(inputs(port)),
    first: (port) => own(inputs(port)[0]),
    last: (port) => own(inputs(port).at(-1)),
    get item() { return item(); },
  });

  // Which item of a node the one at a place here comes from (`pairing.py`); code that runs once must say which place.
  const paired = (name, items, at) => {
    if (items.length < 2) return items[0];
    if (at === undefined && given.once) {
      throw new Error(`$('${name}').item is not clear in code that runs once for all items; use .itemMatching(i), `
        + '.first(), .last() or .all()[i]');
    }
    const { places, words } = need(`pairs:${name}`);
    const here = at ?? index;
    if (!(here in places)) throw new RangeError(`there is no item ${String(here)} here`);
    if (places[here] >= 0) return items[places[here]];
    throw new Error(words[places[here]].replace('item #', () => `item ${here}`));
  };
  const node = (name) => {
    const { known, ports } = need(`node:${name}`);
    if (!known) {
      throw new ReferenceError(`there is no node ${stringify(String(name))} before this one`);
    }
    const items = (port) => {
      if (port !== undefined) return ports?.[port] ?? [];
      const names = keys(ports ?? {});
      return names.length === 1 ? ports[names[0]] : names.flatMap((each) => ports[each]);
    };
    const one = (at) => own(paired(name, items(), at));
    const matching = (at) => one(at ?? 0);
    return freeze({
      all: (port) => list(items(port)),
      first: (port) => own(items(port)[0]),
      last: (port) => own(items(port).at(-1)),
      get item() { return one(); },
      itemMatching: matching,
      pairedItem: (at) => one(at),
      get json() { return one()?.json; },
      get binary() { return one()?.binary; },
      isExecuted: ports !== null,
    });
  };
  const nodes = new Proxy(create(null), { get: (_, name) => (typeof name === 'string' ? node(name) : undefined) });

  // `$items` is this step's list of items and, called with a name, that node's.
  const asList = new WeakMap();
  const items = () => {
    const all = list(need('items'));
    const both = (name, port) => (name === undefined ? all : node(name).all(port));
    delete both.length;
    delete both.name;
    asList.set(both, all);
    return setPrototypeOf(both, all);
  };

  const luxon = () => need('library:luxon');
  const now = () => {
    const { milliseconds, zone } = need('now');
    return luxon().DateTime.fromMillis(milliseconds, { zone });
  };
  const isPlain = (value) => isArray(value) || [objectPrototype, null].includes(getPrototypeOf(value));
  const isEmpty = (value) => value === undefined || value === null || value === ''
    || (typeof value === 'object' && isPlain(value) && keys(value).length === 0);
  const names = {
    $: () => node,
    $node: () => nodes,
    $json: () => item()?.json,
    $binary: () => { const found = item(); return found && (found.binary ?? {}); },
    $input: () => input,
    $items: items,
    $itemIndex: () => index,
    $runIndex: () => need('round'),
    $workflow: () => need('workflow'),
    $execution: () => need('execution'),
    $vars: () => need('variables'),
    $now: now,
    $today: () => now().startOf('day'),
    $if: () => (condition, yes, no) => (condition ? yes : no),
    $ifEmpty: () => (value, otherwise) => (isEmpty(value) ? otherwise : value),
    $fromAI: () => (name, description, type, otherwise) => {
      const asked = need('tool');
      if (asked === null) throw new ReferenceError('$fromAI is for the nodes of an agent\'s tools');
      const found = Object.hasOwn(asked, name) ? asked[name] : undefined;
      if (found === undefined && otherwise === undefined) throw new ReferenceError(`the model gave no ${stringify(String(name))}`);
      return found === undefined ? otherwise : found;
    },
    $jmespath: () => (data, query) => need('library:jmespath').search(data, query),
    DateTime: () => luxon().DateTime,
    Duration: () => luxon().Duration,
    Interval: () => luxon().Interval,
    Intl: () => need('library:intl'),
    URL: () => need('library:url').URL,
    URLSearchParams: () => need('library:url').URLSearchParams,
    TextEncoder: () => need('library:bytes').TextEncoder,
    TextDecoder: () => need('library:bytes').TextDecoder,
    Buffer: () => need('library:bytes').Buffer,
    structuredClone: () => need('library:web').structuredClone,
    crypto: () => (frozen ? need('library:web').crypto : need('library:crypto')),
  };
  // What code nodes have besides, as if it were loaded with `require`; code may put something else there.
  const MODULES = {
    lodash: () => need('library:lodash'),
    luxon,
    crypto: names.crypto,
    buffer: () => ({ Buffer: names.Buffer() }),
    url: () => ({ URL: names.URL(), URLSearchParams: names.URLSearchParams() }),
    util: () => ({ TextEncoder: names.TextEncoder(), TextDecoder: names.TextDecoder() }),
  };
  const required = (name) => {
    const short = String(name).replace(/^node:/, '');
    if (Object.hasOwn(MODULES, short)) return MODULES[short]();
    throw new Error(`there is no module ${stringify(String(name))} here; there are ${keys(MODULES).join(', ')}`);
  };
  const changeable = (name, get) => defineProperty(globalThis, name, {
    get,
    set(value) { defineProperty(globalThis, name, { value, writable: true, enumerable: true, configurable: true }); },
    configurable: true,
  });
  if (!frozen) {
    changeable('_', MODULES.lodash);
    changeable('lodash', MODULES.lodash);
    changeable('luxon', luxon);
    changeable('require', () => required);
  }
  const all = keys(names);
  for (let at = 0; at < all.length; at += 1) defineProperty(globalThis, all[at], { get: names[all[at]] });
  // The host hands functions over here, which it has as bytecode (`bytecode.py`).
  let handed;
  defineProperty(globalThis, 'stepweaveFunction', { set(value) { handed = value; }, enumerable: false, configurable: false });
  const localised = (prototype, method, formatter, extra) => defineProperty(prototype, method, {
    value(locale, options) { return need('library:intl')[formatter](this, locale, options, extra); },
    writable: true,
    configurable: true,
  });
  defineProperty(String.prototype, 'localeCompare', {
    value(other, locales, options) { return need('library:collation').compare(String(this), String(other), locales, options); },
    writable: true,
    configurable: true,
  });
  const cased = (method, plain) => defineProperty(String.prototype, method, {
    value(locales) {
      const language = [locales ?? 'en'].flat().map((each) => String(each).toLowerCase().split('-')[0])[0];
      if (['tr', 'az', 'lt'].includes(language)) throw new RangeError(`${method}() for the locale ${language} is not available here`);
      return plain.call(this);
    },
    writable: true,
    configurable: true,
  });
  cased('toLocaleUpperCase', String.prototype.toUpperCase);
  cased('toLocaleLowerCase', String.prototype.toLowerCase);
  defineProperty(Array.prototype, 'toLocaleString', {
    value(...how) { return this.map((each) => (each === undefined || each === null ? '' : each.toLocaleString(...how))).join(','); },
    writable: true,
    configurable: true,
  });
  localised(BigInt.prototype, 'toLocaleString', 'number');
  localised(Number.prototype, 'toLocaleString', 'number');
  localised(Date.prototype, 'toLocaleString', 'date', 'both');
  localised(Date.prototype, 'toLocaleDateString', 'date', 'date');
  localised(Date.prototype, 'toLocaleTimeString', 'date', 'time');
  // What an expression does to built-in objects must not be there for the next. A frozen name would also keep objects
  // below from having it, so the names that programs do set on their own objects (`error.name = ...`) stay settable.
  const settable = (prototype, list) => list.forEach((name) => {
    const found = prototype[name];
    defineProperty(prototype, name, {
      get: () => found,
      set(value) {
        if (this === prototype) throw new TypeError(`'${name}' is read-only`);
        defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
      },
    });
  });
  let isHard = false;
  const hardened = (library) => {
    if (!isHard) return library;
    const entries = keys(library);
    for (let at = 0; at < entries.length; at += 1) {
      const entry = Object.getOwnPropertyDescriptor(library, entries[at]).value;
      if (typeof entry === 'function' && entry.prototype) freeze(entry.prototype);
      if (typeof entry === 'function' || typeof entry === 'object') freeze(entry);
    }
    return freeze(library);
  };
  const harden = () => {
    if (isHard) return;
    isHard = true;
    settable(objectPrototype, ['toString', 'valueOf', 'toLocaleString', 'constructor', 'hasOwnProperty']);
    settable(Error.prototype, ['name', 'message', 'toString', 'constructor']);
    settable(Function.prototype, ['toString', 'constructor']);
    const iterated = [[].values(), ''[Symbol.iterator](), new Map().keys(), new Set().keys(), ''.matchAll(/a/g)];
    const [generator, asynchronous] = [evaluate('(function* () {})'), evaluate('(async () => {})')];
    [
      ...iterated.map(getPrototypeOf), getPrototypeOf(generator), getPrototypeOf(generator).prototype, getPrototypeOf(asynchronous),
      getPrototypeOf(Uint8Array), getPrototypeOf(Uint8Array.prototype),
    ].forEach((each) => freeze(each));
    const all = Object.getOwnPropertyNames(globalThis);
    for (let at = 0; at < all.length; at += 1) {
      const found = Object.getOwnPropertyDescriptor(globalThis, all[at]).value;
      if (typeof found === 'function' && found.prototype) freeze(found.prototype);
      if (found !== globalThis && (typeof found === 'function' || typeof found === 'object')) freeze(found);
    }
    freeze(globalThis);
    keys(given).filter((what) => what.startsWith('library:')).forEach((what) => hardened(given[what]));
  };

  // As JSON has it: dates as ISO 8601, bigint as digits, undefined as null, also inside lists and objects.
  const plain = (value) => {
    refuse(value);
    const known = typeof value === 'function' ? asList.get(value) : value;
    return stringify(known, (_, entry) => (typeof entry === 'bigint' ? String(entry) : entry)) ?? 'null';
  };
  const refuse = (value) => {
    if (typeof value === 'function' && !asList.has(value)) {
      throw new TypeError(`the result is the function ${value.name || 'without a name'}; call it with ()`);
    }
    if (value instanceof Promise) throw new TypeError('an expression cannot await; use a Code node');
  };
  const text = (value) => {
    refuse(value);
    if (value === undefined || value === null) return '';
    if (typeof value !== 'object' && typeof value !== 'function') return String(value);
    const json = plain(value);
    return json[0] === '"' ? parse(json) : json;
  };
  const words = (error) => {
    try {
      return error instanceof Error
        ? { message: `${error.name}: ${error.message}`, stack: String(error.stack) }
        : { message: typeof error === 'object' ? plain(error) : String(error), stack: '' };
    } catch {
      return { message: 'Error: what was thrown cannot be shown', stack: '' };
    }
  };

  const libraries = {
    intl: (make) => make((name) => need(`zone:${name}`), () => need('now').zone, () => need('library:collation')),
    collation: (make) => make(need('table:collation')),
    luxon: (make) => {
      const library = make();
      const { zone } = need('now');
      library.Settings.defaultZone = zone;
      if (!library.Settings.defaultZone.isValid) throw new RangeError(`there is no time zone ${zone}`);
      return library;
    },
    url: (make) => make(),
    bytes: (make) => make(),
    web: (make) => make((count) => need(`random:${count}`)),
    crypto: (make) => make(need),
    hashes: (make) => make(),
    lodash: (make) => make(),
    jmespath: (make) => make(),
  };
  const put = (what, value) => {
    const [kind, name] = what.split(':');
    const made = () => libraries[name](typeof value === 'function' ? value : evaluate(value));
    given[what] = kind === 'library' ? hardened(made()) : deepFrozen(value);
    // Luxon remembers what it found invalid, and a zone is invalid as long as it is not given.
    if (kind === 'zone') given['library:luxon']?.Settings.resetCaches();
  };
  return {
    put,
    give: (what, json) => put(what, parse(json)),
    harden,
    take: (what) => { const value = handed; handed = undefined; put(what, value); },
    at: (position, json) => { index = position; itemText = json; current = undefined; },
    wanted: () => { const names = stringify(wanted); wanted = []; return names; },
    // Indirect: strict, global scope, none of this closure in reach.
    // Far down: so a stack tells its places from ours, which are on earlier lines (`engine.AWAY`, `engine.HEAD`).
    compile: (source) => evaluate(`${away}'use strict';(() => (${parse(source)}\n))`),
    run: (compiled, asText) => {
      if (itemText !== null) current = undefined;
      try {
        const value = compiled();
        const result = asText ? stringify(text(value)) : plain(value);
        return wanted.length > 0 ? '?' : flat(['=', result], '');
      } catch (error) {
        return wanted.length > 0 ? '?' : flat(['!', stringify(words(error))], '');
      }
    },
    items: () => need('items'),
    evaluate,
    plain,
    words,
  };
}
