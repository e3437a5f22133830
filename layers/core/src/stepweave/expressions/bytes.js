// Bytes and text: TextEncoder, TextDecoder, and as much of Node's Buffer as people use. QuickJS has none of them.
() => {
  'use strict';
  const REPLACEMENT = '\ufffd';
  // Ropes inside QuickJS grow badly; pieces are joined at the end.
  const CHUNK = 8192;

  const encodeUtf8 = (text) => {
    const whole = String(text).toWellFormed();
    const bytes = [];
    for (let at = 0; at < whole.length; at += 1) {
      const code = whole.codePointAt(at);
      if (code > 0xffff) at += 1;
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
    return Uint8Array.from(bytes);
  };
  // The Encoding Standard's UTF-8 decoder: one replacement for each longest piece that could begin a character.
  const decodeUtf8 = (bytes, fatal = false) => {
    const pieces = [];
    let piece = '';
    const put = (text) => {
      piece += text;
      if (piece.length > CHUNK) { pieces.push(piece); piece = ''; }
    };
    const broken = () => {
      if (fatal) throw new TypeError('The encoded data was not valid for encoding utf-8');
      put(REPLACEMENT);
    };
    let at = 0;
    while (at < bytes.length) {
      const first = bytes[at];
      at += 1;
      if (first < 0x80) { put(String.fromCharCode(first)); continue; }
      const more = first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : 0;
      if (more === 0) { broken(); continue; }
      let low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
      let high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
      let code = first & (0x3f >> more);
      let left = more;
      while (left > 0 && at < bytes.length && bytes[at] >= low && bytes[at] <= high) {
        code = (code << 6) | (bytes[at] & 63);
        at += 1;
        left -= 1;
        [low, high] = [0x80, 0xbf];
      }
      if (left > 0) broken();
      else put(String.fromCodePoint(code));
    }
    return [...pieces, piece].join('');
  };
  const fromCodes = (codes) => {
    const pieces = [];
    for (let at = 0; at < codes.length; at += CHUNK) {
      pieces.push(String.fromCharCode.apply(null, codes.subarray(at, at + CHUNK)));
    }
    return pieces.join('');
  };
  const decodeUtf16 = (bytes) => {
    const units = new Uint16Array(bytes.length >> 1);
    for (let at = 0; at < units.length; at += 1) units[at] = bytes[2 * at] | (bytes[2 * at + 1] << 8);
    return fromCodes(units);
  };
  const viewOf = (source) => {
    if (source === undefined) return new Uint8Array(0);
    if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    if (source instanceof ArrayBuffer || source instanceof SharedArrayBuffer) return new Uint8Array(source);
    throw new TypeError('an ArrayBuffer or a view of one is needed');
  };

  class TextEncoder {
    get encoding() { return 'utf-8'; }
    encode(text = '') { return encodeUtf8(text); }
  }
  const LABELS = { utf8: 'utf-8', 'utf-8': 'utf-8', 'unicode-1-1-utf-8': 'utf-8', 'utf-16': 'utf-16le', 'utf-16le': 'utf-16le' };
  class TextDecoder {
    #encoding;
    #fatal;
    #ignoreBOM;
    constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
      this.#encoding = LABELS[String(label).trim().toLowerCase()];
      if (this.#encoding === undefined) throw new RangeError(`the encoding ${label} is not available here (utf-8, utf-16le)`);
      this.#fatal = Boolean(fatal);
      this.#ignoreBOM = Boolean(ignoreBOM);
    }
    get encoding() { return this.#encoding; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#ignoreBOM; }
    decode(source) {
      const bytes = viewOf(source);
      const text = this.#encoding === 'utf-8' ? decodeUtf8(bytes, this.#fatal) : decodeUtf16(bytes).toWellFormed();
      return !this.#ignoreBOM && text.startsWith('\ufeff') ? text.slice(1) : text;
    }
  }

  // As Node reads base64: both alphabets, and whatever is neither is passed over up to the padding.
  const unbase64 = (text) => {
    const known = String(text).split('=')[0].replace(/-/g, '+').replace(/_/g, '/').replace(/[^A-Za-z0-9+/]/g, '');
    const whole = known.length % 4 === 1 ? known.slice(0, -1) : known;
    return Uint8Array.fromBase64(whole, { lastChunkHandling: 'loose' });
  };
  const unhex = (text) => {
    const found = /^(?:[0-9a-f]{2})*/i.exec(text)[0];
    return Uint8Array.fromHex(found);
  };
  const unutf16 = (text) => {
    const bytes = new Uint8Array(2 * text.length);
    for (let at = 0; at < text.length; at += 1) {
      bytes[2 * at] = text.charCodeAt(at) & 255;
      bytes[2 * at + 1] = text.charCodeAt(at) >> 8;
    }
    return bytes;
  };
  const unlatin1 = (text) => {
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at) & 255;
    return bytes;
  };
  const latin1 = { read: unlatin1, write: fromCodes };
  const utf8 = { read: encodeUtf8, write: (bytes) => decodeUtf8(bytes) };
  const utf16 = { read: unutf16, write: decodeUtf16 };
  const CODECS = {
    utf8, 'utf-8': utf8, latin1, binary: latin1, ucs2: utf16, 'ucs-2': utf16, utf16le: utf16, 'utf-16le': utf16,
    ascii: { read: latin1.read, write: (bytes) => fromCodes(bytes.map((byte) => byte & 127)) },
    hex: { read: unhex, write: (bytes) => new Uint8Array(bytes).toHex() },
    base64: { read: unbase64, write: (bytes) => new Uint8Array(bytes).toBase64() },
    base64url: {
      read: unbase64, write: (bytes) => new Uint8Array(bytes).toBase64({ alphabet: 'base64url', omitPadding: true }),
    },
  };
  const codec = (name = 'utf8') => {
    const found = Object.hasOwn(CODECS, String(name).toLowerCase()) ? CODECS[String(name).toLowerCase()] : undefined;
    if (found === undefined) throw new TypeError(`Unknown encoding: ${name}`);
    return found;
  };
  class Buffer extends Uint8Array {
    static from(source, encoding, length) {
      if (typeof source === 'string') return Buffer.#of(codec(encoding).read(source));
      if (source instanceof ArrayBuffer || source instanceof SharedArrayBuffer) return new Buffer(source, encoding, length);
      if (source?.type === 'Buffer' && Array.isArray(source.data)) return Buffer.#of(source.data);
      if (ArrayBuffer.isView(source) || Array.isArray(source)) return Buffer.#of(source);
      if (typeof source?.valueOf?.() === 'string') return Buffer.from(source.valueOf(), encoding);
      throw new TypeError('The first argument must be text, a list of bytes, an ArrayBuffer or a Buffer');
    }
    static #of(bytes) {
      const made = new Buffer(bytes.length);
      for (let at = 0; at < bytes.length; at += 1) made[at] = bytes[at];
      return made;
    }
    static of(...bytes) { return Buffer.from(bytes); }
    static alloc(size, fill, encoding) {
      const made = new Buffer(size);
      return fill === undefined ? made : made.fill(fill, 0, size, encoding);
    }
    static allocUnsafe(size) { return new Buffer(size); }
    static isBuffer(value) { return value instanceof Buffer; }
    static isEncoding(name) { return typeof name === 'string' && Object.hasOwn(CODECS, name.toLowerCase()); }
    static byteLength(value, encoding) {
      return typeof value === 'string' ? codec(encoding).read(value).length : value.byteLength;
    }
    static concat(list, total = list.reduce((sum, each) => sum + each.length, 0)) {
      const made = new Buffer(total);
      let at = 0;
      for (const each of list) {
        made.set(each.subarray(0, Math.max(0, total - at)), at);
        at += each.length;
        if (at >= total) break;
      }
      return made;
    }
    static compare(left, right) {
      const shorter = Math.min(left.length, right.length);
      for (let at = 0; at < shorter; at += 1) if (left[at] !== right[at]) return left[at] < right[at] ? -1 : 1;
      return Math.sign(left.length - right.length);
    }
    toString(encoding, start = 0, end = this.length) {
      return codec(encoding).write(Uint8Array.prototype.subarray.call(this, start, end));
    }
    toLocaleString(encoding) { return this.toString(encoding); }
    toJSON() { return { type: 'Buffer', data: Array.from(this) }; }
    equals(other) { return Buffer.compare(this, other) === 0; }
    compare(other) { return Buffer.compare(this, other); }
    slice(start, end) { return this.subarray(start, end); }
    copy(target, at = 0, start = 0, end = this.length) {
      const part = this.subarray(start, Math.min(end, start + target.length - at));
      target.set(part, at);
      return part.length;
    }
    write(text, offset = 0, length = undefined, encoding = undefined) {
      if (typeof offset === 'string') return this.write(text, 0, undefined, offset);
      if (typeof length === 'string') return this.write(text, offset, undefined, length);
      const bytes = codec(encoding).read(text).subarray(0, Math.min(length ?? Infinity, this.length - offset));
      this.set(bytes, offset);
      return bytes.length;
    }
    fill(value, start = 0, end = this.length, encoding = undefined) {
      if (typeof value !== 'string') return super.fill(value, start, end);
      const bytes = codec(encoding).read(value);
      for (let at = start; at < end; at += 1) this[at] = bytes.length > 0 ? bytes[(at - start) % bytes.length] : 0;
      return this;
    }
    indexOf(value, from = 0, encoding = undefined) {
      if (typeof value === 'number') return super.indexOf(value, from);
      const wanted = typeof value === 'string' ? codec(encoding).read(value) : value;
      for (let at = Math.max(0, from); at + wanted.length <= this.length; at += 1) {
        let same = 0;
        while (same < wanted.length && this[at + same] === wanted[same]) same += 1;
        if (same === wanted.length) return at;
      }
      return -1;
    }
    includes(value, from, encoding) { return this.indexOf(value, from, encoding) >= 0; }
  }
  const whole = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const NUMBERS = { UInt8: 'Uint8', Int8: 'Int8', UInt16: 'Uint16', Int16: 'Int16', UInt32: 'Uint32', Int32: 'Int32',
    BigUInt64: 'BigUint64', BigInt64: 'BigInt64', Float: 'Float32', Double: 'Float64' };
  for (const [name, kind] of Object.entries(NUMBERS)) {
    const size = Number(/\d+$/.exec(kind)[0]) / 8;
    for (const [suffix, little] of size === 1 ? [['', false]] : [['BE', false], ['LE', true]]) {
      const define = (method, value) => {
        for (const each of [method, method.replace('UInt', 'Uint')]) {
          Object.defineProperty(Buffer.prototype, each, { value, writable: true, configurable: true });
        }
      };
      define(`read${name}${suffix}`, function read(at = 0) { return whole(this)[`get${kind}`](at, little); });
      define(`write${name}${suffix}`, function write(value, at = 0) {
        whole(this)[`set${kind}`](at, value, little);
        return at + size;
      });
    }
  }
  return Object.freeze({ TextEncoder, TextDecoder, Buffer });
}
