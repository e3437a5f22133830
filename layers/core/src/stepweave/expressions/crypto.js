// Node's `crypto` as far as it computes: hashes, HMACs, keys made of passwords, random values; and a little of Web Crypto.
// Called with a getter of other libraries, which are loaded when something asks for them.
(need) => {
  'use strict';
  const { getRandomValues, randomUUID } = need('library:web').crypto;
  const buffers = () => need('library:bytes').Buffer;
  const NAMES = {
    md5: 'md5', sha1: 'sha1', sha224: 'sha224', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512', 'sha3-256': 'sha3_256',
    'sha3-512': 'sha3_512', ripemd160: 'ripemd160', rmd160: 'ripemd160',
  };
  const MOST_RANDOM = 65536;
  const shown = (value) => (value === null || value === undefined ? String(value) : `type ${typeof value}`);
  const method = (name, words) => {
    const key = String(name).toLowerCase().replace(/^rsa-/, '').replace(/^sha-(?=\d+$)/, 'sha');
    if (!Object.hasOwn(NAMES, key)) throw new Error(words);
    return need('library:hashes')[NAMES[key]];
  };
  const bytes = (value, encoding, what = 'data') => {
    if (typeof value === 'string') return buffers().from(value, encoding);
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (value instanceof ArrayBuffer) return new Uint8Array(value);
    throw new TypeError(`The "${what}" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received ${shown(value)}`);
  };
  const out = (found, encoding) => {
    const buffer = buffers().from(found);
    return encoding === undefined || encoding === 'buffer' ? buffer : buffer.toString(encoding);
  };

  class Digest {
    #state;
    #done = false;
    constructor(state) { this.#state = state; }
    update(data, encoding) {
      if (this.#done) throw new Error('Digest already called');
      this.#state.update(bytes(data, encoding));
      return this;
    }
    digest(encoding) {
      if (this.#done) throw new Error('Digest already called');
      this.#done = true;
      return out(this.#state.digest(), encoding);
    }
    copy() {
      if (this.#done) throw new Error('Digest already called');
      return new Digest(this.#state.clone());
    }
  }
  const createHash = (name) => new Digest(method(name, 'Digest method not supported').create());
  const createHmac = (name, key) => new Digest(
    need('library:hashes').hmac.create(method(name, `Invalid digest: ${name}`), bytes(key, 'utf8', 'key')),
  );

  const whole = (value, name, least, most) => {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new RangeError(`The value of "${name}" is out of range. It must be >= ${least} && <= ${most}. Received ${String(value)}`);
    }
    return value;
  };
  const randomFillSync = (view) => {
    const all = new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength);
    for (let at = 0; at < all.length; at += MOST_RANDOM) getRandomValues(all.subarray(at, at + MOST_RANDOM));
    return view;
  };
  const answered = (value, callback) => {
    if (callback === undefined) return value;
    Promise.resolve().then(() => callback(null, value));
    return undefined;
  };
  const randomBytes = (size, callback) => answered(randomFillSync(buffers().alloc(whole(size, 'size', 0, 2 ** 25))), callback);
  const randomInt = (low, high, callback) => {
    if (typeof high !== 'number') return randomInt(0, low, high);
    const range = whole(high, 'max', whole(low, 'min', -(2 ** 52), 2 ** 52) + 1, low + 2 ** 48 - 1) - low;
    const limit = 2 ** 48 - (2 ** 48 % range);
    for (;;) {
      const [a, b, c] = getRandomValues(new Uint16Array(3));
      const found = a * 2 ** 32 + b * 2 ** 16 + c;
      if (found < limit) return answered(low + (found % range), callback);
    }
  };
  const timingSafeEqual = (left, right) => {
    if (typeof left === 'string' || typeof right === 'string') {
      throw new TypeError('timingSafeEqual compares Buffers; make them with Buffer.from(text)');
    }
    const [one, other] = [bytes(left, undefined, 'buf1'), bytes(right, undefined, 'buf2')];
    if (one.length !== other.length) throw new RangeError('Input buffers must have the same byte length');
    let differs = 0;
    for (let at = 0; at < one.length; at += 1) differs |= one[at] ^ other[at];
    return differs === 0;
  };
  const pbkdf2Sync = (password, salt, iterations, length, name) => out(need('library:hashes').pbkdf2(
    method(name, `Invalid digest: ${name}`), bytes(password, 'utf8', 'password'), bytes(salt, 'utf8', 'salt'),
    { c: whole(iterations, 'iterations', 1, 2 ** 31 - 1), dkLen: whole(length, 'keylen', 0, 2 ** 20) },
  ));
  const scryptSync = (password, salt, length, { N, cost = 16384, r, blockSize = 8, p, parallelization = 1 } = {}) => out(
    need('library:hashes').scrypt(bytes(password, 'utf8', 'password'), bytes(salt, 'utf8', 'salt'), {
      N: N ?? cost, r: r ?? blockSize, p: p ?? parallelization, dkLen: whole(length, 'keylen', 0, 2 ** 20), maxmem: 2 ** 25,
    }),
  );

  const named = (algorithm) => String(algorithm?.name ?? algorithm);
  const keys = new WeakMap();
  const copied = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  const mac = (key, data) => {
    const { hash, raw } = keys.get(key) ?? {};
    if (raw === undefined) throw new TypeError('the key must be one that crypto.subtle.importKey gave');
    return createHmac(hash, raw).update(data).digest();
  };
  const subtle = Object.freeze({
    async digest(algorithm, data) { return copied(createHash(named(algorithm)).update(data).digest()); },
    async importKey(format, data, algorithm, extractable, usages) {
      if (format !== 'raw' || named(algorithm).toUpperCase() !== 'HMAC') {
        throw new DOMException('only raw keys for HMAC are available here', 'NotSupportedError');
      }
      const key = Object.freeze({ type: 'secret', extractable, algorithm, usages });
      keys.set(key, { hash: named(algorithm.hash), raw: bytes(data).slice() });
      return key;
    },
    async sign(_, key, data) { return copied(mac(key, data)); },
    async verify(_, key, signature, data) {
      const [one, other] = [mac(key, data), bytes(signature)];
      return one.length === other.length && timingSafeEqual(one, other);
    },
  });
  const crypto = {
    createHash, createHmac, getRandomValues, randomUUID, randomBytes, randomInt, randomFillSync, timingSafeEqual, pbkdf2Sync,
    scryptSync, subtle,
    hash: (name, data, encoding = 'hex') => createHash(name).update(data).digest(encoding),
    getHashes: () => Object.keys(NAMES),
  };
  crypto.webcrypto = crypto;
  return Object.freeze(crypto);
}
