// URL and URLSearchParams by the URL Standard (https://url.spec.whatwg.org); QuickJS has none of its own.
() => {
  'use strict';
  const PORTS = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443', 'ftp:': '21', 'file:': '' };
  const isSpecial = (url) => Object.hasOwn(PORTS, url.protocol);
  const invalid = (input) => { throw new TypeError(`Invalid URL: ${input}`); };

  // Percent-encode sets: what each part may not hold as it is.
  const FRAGMENT = /[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7e]/gu;
  const QUERY = /[^\x21\x24-\x3b\x3d\x3f-\x7e]/gu;
  const SPECIAL_QUERY = /[^\x21\x24-\x26\x28-\x3b\x3d\x3f-\x7e]/gu;
  const PATH = /[^\x21\x24-\x3b\x3d\x40-\x5d\x5f\x61-\x7a\x7c\x7e]/gu;
  const USER = /[^\x21\x24-\x2e\x30-\x39\x41-\x5a\x5f\x61-\x7a\x7e]/gu;
  const CONTROL = /[^\x20-\x7e]/gu;
  const encode = (text, set) => text.toWellFormed().replace(set, (character) => {
    const encoded = encodeURIComponent(character);
    return encoded !== character ? encoded : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
  const decode = (text) => text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run.replace(/%([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
        .replace(/(?:%[0-9a-f]{2})+/gi, '\ufffd');
    }
  });

  // RFC 3492.
  const punycode = (label) => {
    const points = [...label].map((each) => each.codePointAt(0));
    const basic = points.filter((point) => point < 128);
    let output = String.fromCharCode(...basic) + (basic.length > 0 ? '-' : '');
    let [n, delta, bias, handled] = [128, 0, 72, basic.length];
    const digit = (value) => String.fromCharCode(value + (value < 26 ? 97 : 22));
    while (handled < points.length) {
      const next = Math.min(...points.filter((point) => point >= n));
      delta += (next - n) * (handled + 1);
      n = next;
      for (const point of points) {
        if (point < n) delta += 1;
        if (point !== n) continue;
        let q = delta;
        for (let k = 36; ; k += 36) {
          const t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
          if (q < t) break;
          output += digit(t + ((q - t) % (36 - t)));
          q = Math.floor((q - t) / (36 - t));
        }
        output += digit(q);
        let d = handled === basic.length ? Math.floor(delta / 700) : delta >> 1;
        d += Math.floor(d / (handled + 1));
        let k = 0;
        for (; d > 455; k += 36) d = Math.floor(d / 35);
        bias = k + Math.floor((36 * d) / (d + 38));
        delta = 0;
        handled += 1;
      }
      delta += 1;
      n += 1;
    }
    return `xn--${output}`;
  };
  const ipv4 = (host, input) => {
    const parts = host.replace(/\.$/, '').split('.');
    if (!/^(?:\d+|0x[0-9a-f]*)$/i.test(parts.at(-1))) return host;
    const numbers = parts.map((part) => {
      if (!/^(?:0x[0-9a-f]*|0[0-7]*|[1-9]\d*)$/i.test(part)) invalid(input);
      return /^0x/i.test(part) ? parseInt(part.slice(2) || '0', 16) : parseInt(part, /^0./.test(part) ? 8 : 10);
    });
    const last = numbers.pop();
    if (numbers.length > 3 || numbers.some((part) => part > 255) || last >= 256 ** (4 - numbers.length)) invalid(input);
    const value = numbers.reduce((sum, part, at) => sum + part * 256 ** (3 - at), last);
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
  };
  const ipv6 = (text, input) => {
    const dotted = /^(.*:)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.exec(text);
    let whole = text;
    if (dotted) {
      const bytes = dotted[2].split('.').map(Number);
      if (bytes.some((byte) => byte > 255)) invalid(input);
      whole = `${dotted[1]}${(bytes[0] * 256 + bytes[1]).toString(16)}:${(bytes[2] * 256 + bytes[3]).toString(16)}`;
    }
    const halves = whole.split('::');
    const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
    const missing = 8 - head.length - (tail?.length ?? 0);
    const isFull = halves.length === 1 ? missing === 0 : halves.length === 2 && missing >= 1;
    if (!isFull || [...head, ...(tail ?? [])].some((part) => !/^[0-9a-f]{1,4}$/i.test(part))) invalid(input);
    const pieces = [...head, ...Array(missing).fill('0'), ...(tail ?? [])].map((part) => parseInt(part, 16));
    let best = { at: -1, length: 1 };
    for (let at = 0; at < 8; at += 1) {
      let length = 0;
      while (pieces[at + length] === 0) length += 1;
      if (length > best.length) best = { at, length };
    }
    const written = pieces.map((piece) => piece.toString(16));
    if (best.at < 0) return `[${written.join(':')}]`;
    return `[${written.slice(0, best.at).join(':')}::${written.slice(best.at + best.length).join(':')}]`;
  };
  const hostOf = (text, special, input) => {
    if (text.startsWith('[')) return text.endsWith(']') ? ipv6(text.slice(1, -1), input) : invalid(input);
    if (!special) {
      if (/[\0\t\n\r #/:<>?@[\\\]^|]/.test(text)) invalid(input);
      return encode(text, CONTROL);
    }
    const domain = decode(text).normalize('NFKC').toLowerCase().replace(/[\u3002\uff0e\uff61]/g, '.').replace(/\u00ad/g, '');
    // eslint-disable-next-line no-control-regex
    const ascii = domain.split('.').map((label) => (/[^\0-\x7f]/.test(label) ? punycode(label) : label)).join('.');
    if (ascii === '' || /[\0-\x20"#%/:<>?@[\\\]^`{|}\x7f]/.test(ascii)) invalid(input);
    return ipv4(ascii, input);
  };
  const portOf = (text, url, input) => {
    if (!/^\d*$/.test(text) || Number(text) > 65535) invalid(input);
    const port = text === '' ? '' : String(Number(text));
    return port === PORTS[url.protocol] ? '' : port;
  };
  const pathOf = (text, url, before = []) => {
    const path = [...before];
    const segments = text.split(isSpecial(url) ? /[/\\]/ : '/');
    segments.forEach((segment, at) => {
      const isLast = at === segments.length - 1;
      const plain = segment.replace(/%2e/gi, '.');
      if (plain === '..') path.pop();
      if (plain === '..' || plain === '.') {
        if (isLast) path.push('');
      } else {
        path.push(encode(segment, PATH));
      }
    });
    return path;
  };
  const authority = (url, text, input) => {
    const at = text.lastIndexOf('@');
    if (at >= 0) {
      const [name, ...word] = text.slice(0, at).split(':');
      url.username = encode(name, USER);
      url.password = encode(word.join(':'), USER);
    }
    const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(text.slice(at + 1)) ?? invalid(input);
    const mayBeEmpty = !isSpecial(url) || url.protocol === 'file:';
    if (host === '' && (!mayBeEmpty || at >= 0 || port)) invalid(input);
    url.host = host === '' ? '' : hostOf(host, isSpecial(url), input);
    if (url.protocol === 'file:' && url.host === 'localhost') url.host = '';
    url.port = portOf(port ?? '', url, input);
  };
  const record = () => ({ protocol: '', username: '', password: '', host: null, port: '', path: [], query: null, fragment: null });

  const parse = (given, base) => {
    // eslint-disable-next-line no-control-regex
    let rest = given.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
    const url = record();
    const hash = rest.indexOf('#');
    if (hash >= 0) {
      url.fragment = encode(rest.slice(hash + 1), FRAGMENT);
      rest = rest.slice(0, hash);
    }
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(rest);
    let isRelative = scheme === null;
    if (scheme) {
      url.protocol = scheme[0].toLowerCase();
      rest = rest.slice(scheme[0].length);
      isRelative = isSpecial(url) && base?.protocol === url.protocol && !/^[/\\]/.test(rest);
    } else if (!base) {
      invalid(given);
    } else {
      url.protocol = base.protocol;
    }
    const mark = rest.indexOf('?');
    const query = mark >= 0 ? encode(rest.slice(mark + 1), isSpecial(url) ? SPECIAL_QUERY : QUERY) : null;
    if (mark >= 0) rest = rest.slice(0, mark);
    url.query = query;
    if (isRelative && typeof base.path === 'string') {
      if (rest !== '' || query !== null || hash < 0) invalid(given);
      return { ...base, fragment: url.fragment };
    }
    const slash = isSpecial(url) ? '[/\\\\]' : '/';
    const begins = new RegExp(`^${slash}${slash}`);
    const isHosted = isRelative || url.protocol === 'file:' ? begins.test(rest) : isSpecial(url) || begins.test(rest);
    if (isHosted) {
      const skipped = isSpecial(url) && url.protocol !== 'file:' ? rest.replace(/^[/\\]*/, '') : rest.slice(2);
      const end = skipped.search(isSpecial(url) ? /[/\\]/ : /\//);
      const whole = end < 0 ? skipped : skipped.slice(0, end);
      if (url.protocol === 'file:' && /^[a-z][:|]$/i.test(whole)) {
        url.host = '';
        rest = `/${skipped}`;
      } else {
        authority(url, whole, given);
        rest = end < 0 ? '' : skipped.slice(end);
      }
    } else if (isRelative) {
      Object.assign(url, { username: base.username, password: base.password, host: base.host, port: base.port });
      if (rest === '') {
        url.path = base.path;
        if (query === null) url.query = base.query;
        return url;
      }
      if (!new RegExp(`^${slash}`).test(rest)) {
        url.path = pathOf(rest, url, base.path.slice(0, -1));
        return url;
      }
    } else if (url.protocol === 'file:') {
      url.host = '';
    } else if (!rest.startsWith('/')) {
      url.path = encode(rest, CONTROL);
      return url;
    }
    if (rest !== '' || isSpecial(url)) url.path = pathOf(rest.replace(new RegExp(`^${slash}`), ''), url);
    return url;
  };
  const pathname = (url) => (typeof url.path === 'string' ? url.path : url.path.map((segment) => `/${segment}`).join(''));
  const written = (url) => {
    let text = url.protocol;
    if (url.host !== null) {
      const secret = url.password === '' ? '' : `:${url.password}`;
      const user = url.username === '' && secret === '' ? '' : `${url.username}${secret}@`;
      text += `//${user}${url.host}${url.port === '' ? '' : `:${url.port}`}`;
    } else if (typeof url.path !== 'string' && url.path.length > 1 && url.path[0] === '') {
      text += '/.';
    }
    return text + pathname(url) + (url.query === null ? '' : `?${url.query}`) + (url.fragment === null ? '' : `#${url.fragment}`);
  };

  // application/x-www-form-urlencoded.
  const FORM = /[^*\-.0-9A-Z_a-z ]/gu;
  const formEncoded = (text) => encode(text, FORM).replace(/ /g, '+');
  const formDecoded = (text) => decode(text.replace(/\+/g, ' '));
  const pairsOf = (query) => query.split('&').filter((part) => part !== '').map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [formDecoded(part), ''] : [formDecoded(part.slice(0, at)), formDecoded(part.slice(at + 1))];
  });
  let attach;
  let refill;
  class URLSearchParams {
    #pairs = [];
    #changed = () => {};
    static {
      attach = (params, changed) => { params.#changed = changed; };
      refill = (params, query) => { params.#pairs = pairsOf(query ?? ''); };
    }
    constructor(init = '') {
      if (init !== null && typeof init === 'object') {
        const entries = typeof init[Symbol.iterator] === 'function' ? [...init] : Object.entries(init);
        this.#pairs = entries.map((pair) => {
          const both = [...pair];
          if (both.length !== 2) throw new TypeError('Each query pair must be a list of a name and a value');
          return both.map((each) => String(each).toWellFormed());
        });
      } else {
        this.#pairs = pairsOf(String(init).replace(/^\?/, ''));
      }
    }
    get size() { return this.#pairs.length; }
    #change(pairs) {
      this.#pairs = pairs;
      this.#changed(this.toString());
    }
    append(name, value) { this.#change([...this.#pairs, [String(name).toWellFormed(), String(value).toWellFormed()]]); }
    delete(name, value) {
      this.#change(this.#pairs.filter(([key, each]) => key !== String(name) || (value !== undefined && each !== String(value))));
    }
    get(name) { return this.#pairs.find(([key]) => key === String(name))?.[1] ?? null; }
    getAll(name) { return this.#pairs.filter(([key]) => key === String(name)).map(([, value]) => value); }
    has(name, value) {
      return this.#pairs.some(([key, each]) => key === String(name) && (value === undefined || each === String(value)));
    }
    set(name, value) {
      const at = this.#pairs.findIndex(([key]) => key === String(name));
      if (at < 0) return this.append(name, value);
      const pair = [String(name), String(value).toWellFormed()];
      return this.#change(this.#pairs.flatMap((each, place) => (place === at ? [pair] : each[0] === pair[0] ? [] : [each])));
    }
    sort() { this.#change([...this.#pairs].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))); }
    forEach(callback, self) { for (const [name, value] of this.#pairs) callback.call(self, value, name, this); }
    * entries() { for (const pair of this.#pairs) yield [...pair]; }
    * keys() { for (const [name] of this.#pairs) yield name; }
    * values() { for (const [, value] of this.#pairs) yield value; }
    [Symbol.iterator]() { return this.entries(); }
    toString() { return this.#pairs.map((pair) => pair.map(formEncoded).join('=')).join('&'); }
    get [Symbol.toStringTag]() { return 'URLSearchParams'; }
  }

  class URL {
    #url;
    #params;
    constructor(input, base) {
      this.#url = parse(String(input), base === undefined ? undefined : parse(String(base)));
      this.#params = new URLSearchParams(this.#url.query ?? '');
      attach(this.#params, (query) => { this.#url.query = query === '' ? null : query; });
    }
    static canParse(input, base) {
      try {
        return Boolean(new URL(input, base));
      } catch {
        return false;
      }
    }
    static parse(input, base) { return URL.canParse(input, base) ? new URL(input, base) : null; }
    #try(change) {
      const copy = { ...this.#url };
      try {
        change(copy);
        this.#url = copy;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // a setter leaves what it cannot read (URL Standard)
      }
    }
    get href() { return written(this.#url); }
    set href(text) {
      this.#url = parse(String(text));
      refill(this.#params, this.#url.query);
    }
    get origin() {
      if (this.#url.protocol === 'blob:') return URL.parse(pathname(this.#url))?.origin ?? 'null';
      return isSpecial(this.#url) && this.#url.protocol !== 'file:' ? `${this.protocol}//${this.host}` : 'null';
    }
    get protocol() { return this.#url.protocol; }
    set protocol(text) {
      const scheme = /^([a-z][a-z0-9+.-]*):?/i.exec(String(text));
      if (!scheme) return;
      this.#try((url) => {
        const protocol = `${scheme[1].toLowerCase()}:`;
        if (isSpecial({ protocol }) !== isSpecial(url)) return;
        url.protocol = protocol;
        url.port = portOf(url.port, url, text);
      });
    }
    get username() { return this.#url.username; }
    set username(text) { if (this.#url.host) this.#url.username = encode(String(text), USER); }
    get password() { return this.#url.password; }
    set password(text) { if (this.#url.host) this.#url.password = encode(String(text), USER); }
    get host() { return (this.#url.host ?? '') + (this.#url.port === '' ? '' : `:${this.#url.port}`); }
    set host(text) {
      if (typeof this.#url.path === 'string') return;
      this.#try((url) => {
        const [, host, port] = /^(\[[^\]]*\]|[^:/?#\\]*)(?::(\d*))?/.exec(String(text));
        if (host === '' && isSpecial(url)) return;
        url.host = hostOf(host, isSpecial(url), text);
        if (port !== undefined && port !== '') url.port = portOf(port, url, text);
      });
    }
    get hostname() { return this.#url.host ?? ''; }
    set hostname(text) { if (!/^[^[]*:/.test(String(text))) this.host = String(text); }
    get port() { return this.#url.port; }
    set port(text) {
      if (!this.#url.host) return;
      const digits = /^\d*/.exec(String(text))[0];
      if (digits !== '' || String(text) === '') this.#try((url) => { url.port = portOf(digits, url, text); });
    }
    get pathname() { return pathname(this.#url); }
    set pathname(text) {
      if (typeof this.#url.path === 'string') return;
      const plain = String(text).replace(isSpecial(this.#url) ? /^[/\\]/ : /^\//, '');
      this.#url.path = pathOf(plain.replace(/\?/g, '%3F').replace(/#/g, '%23'), this.#url);
    }
    get search() { return this.#url.query ? `?${this.#url.query}` : ''; }
    set search(text) {
      const query = String(text).replace(/^\?/, '');
      this.#url.query = query === '' ? null : encode(query, isSpecial(this.#url) ? SPECIAL_QUERY : QUERY).replace(/#/g, '%23');
      refill(this.#params, this.#url.query);
    }
    get searchParams() { return this.#params; }
    get hash() { return this.#url.fragment ? `#${this.#url.fragment}` : ''; }
    set hash(text) {
      const fragment = String(text).replace(/^#/, '');
      this.#url.fragment = fragment === '' ? null : encode(fragment, FRAGMENT);
    }
    toString() { return this.href; }
    toJSON() { return this.href; }
    get [Symbol.toStringTag]() { return 'URL'; }
  }
  return Object.freeze({ URL, URLSearchParams });
}
