// What browsers and Node have beside the language: structuredClone and crypto's random numbers.
(random) => {
  'use strict';
  const cannot = (value) => {
    const shown = typeof value === 'function' ? `the function ${value.name || 'without a name'}` : String(value);
    throw new DOMException(`${shown} could not be cloned.`, 'DataCloneError');
  };
  const BOXED = [Boolean, Number, String, BigInt];
  const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const structuredClone = (value) => {
    const done = new Map();
    const clone = (entry) => {
      if (typeof entry === 'function' || typeof entry === 'symbol') return cannot(entry);
      if (typeof entry !== 'object' || entry === null) return entry;
      if (done.has(entry)) return done.get(entry);
      const keep = (copy) => { done.set(entry, copy); return copy; };
      if (entry instanceof Date) return keep(new Date(entry.getTime()));
      if (entry instanceof RegExp) return keep(new RegExp(entry.source, entry.flags));
      if (BOXED.some((kind) => entry instanceof kind)) return keep(Object(entry.valueOf()));
      if (entry instanceof ArrayBuffer) return keep(entry.slice(0));
      if (ArrayBuffer.isView(entry)) {
        const buffer = clone(entry.buffer);
        // A subclass's name (Buffer) is lost, as in Node.
        const kind = entry instanceof DataView ? DataView : globalThis[entry[Symbol.toStringTag]];
        return keep(new kind(buffer, entry.byteOffset, entry instanceof DataView ? entry.byteLength : entry.length));
      }
      if (entry instanceof Map) {
        const copy = keep(new Map());
        for (const [key, each] of [...entry]) copy.set(clone(key), clone(each));
        return copy;
      }
      if (entry instanceof Set) {
        const copy = keep(new Set());
        for (const each of [...entry]) copy.add(clone(each));
        return copy;
      }
      if (entry instanceof Error) {
        const copy = keep(Object.create((ERRORS[entry.name] ?? Error).prototype));
        for (const name of ['message', 'stack', 'cause']) {
          if (Object.hasOwn(entry, name)) {
            Object.defineProperty(copy, name, { value: clone(entry[name]), writable: true, configurable: true });
          }
        }
        return copy;
      }
      if (entry instanceof Promise || entry instanceof WeakMap || entry instanceof WeakSet || entry instanceof WeakRef) {
        return cannot(entry);
      }
      const copy = keep(Array.isArray(entry) ? new Array(entry.length) : {});
      for (const key of Object.keys(entry)) {
        Object.defineProperty(copy, key, { value: clone(entry[key]), writable: true, enumerable: true, configurable: true });
      }
      return copy;
    };
    return clone(value);
  };

  // Secret bytes come from the host, in pieces; each next piece is larger, for asking runs the code again.
  let piece = new Uint8Array(0);
  let count = 0;
  let used = 0;
  const fill = (bytes) => {
    for (let at = 0; at < bytes.length; at += 1) {
      if (used >= piece.length) {
        piece = Uint8Array.fromHex(random(count));
        count += 1;
        used = 0;
      }
      bytes[at] = piece[used];
      used += 1;
    }
    return bytes;
  };
  const MOST_RANDOM = 65536;
  const crypto = Object.freeze({
    getRandomValues(array) {
      if (!ArrayBuffer.isView(array) || /^Float|^DataView/.test(array[Symbol.toStringTag] ?? 'DataView')) {
        throw new DOMException('getRandomValues fills typed arrays of whole numbers', 'TypeMismatchError');
      }
      if (array.byteLength > MOST_RANDOM) throw new DOMException('more than 65536 bytes were asked for', 'QuotaExceededError');
      fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
      return array;
    },
    randomUUID() {
      const bytes = fill(new Uint8Array(16));
      bytes[6] = (bytes[6] & 15) | 64;
      bytes[8] = (bytes[8] & 63) | 128;
      return bytes.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    },
  });
  return Object.freeze({ structuredClone, crypto });
}
