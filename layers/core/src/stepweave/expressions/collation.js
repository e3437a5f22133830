// Intl.Collator and localeCompare: the Unicode Collation Algorithm with CLDR's root order, for the languages that use it.
// Latin, Greek and Cyrillic letters, digits, punctuation and currencies are ordered by `collation.txt`; other characters
// stand behind them, in the order of their code points.
(table) => {
  'use strict';
  const ROOT = ['en', 'de', 'fr', 'it', 'pt', 'nl', 'id', 'ms', 'ga', 'ca', 'eu', 'lb', 'und'];
  const [groupText, markText, spelledText] = table.split('\u0001');
  const primary = new Map();
  const tertiary = new Map();
  groupText.split('\0').forEach((group, at) => [...group].forEach((character, variant) => {
    primary.set(character, at + 1);
    tertiary.set(character, variant);
  }));
  const marks = new Map([...markText].map((mark, at) => [mark, at + 2]));
  const spelled = new Map(spelledText.split('\0').map((entry) => [[...entry][0], [...entry].slice(1).join('')]));
  const FIRST_LETTER = primary.get('a');
  const FIRST_DIGIT = primary.get('0');
  const FIRST_SYMBOL = primary.get('`');
  const OTHERS = 10000;
  const LIGATURE = 1000;
  const WIDE = 0.5;
  const MOST_KNOWN = 5000;

  const unknown = (character) => {
    const code = character.codePointAt(0);
    // Symbols (arrows, emoji) sort before digits, letters of other scripts behind all others.
    return /[\p{L}\p{N}]/u.test(character) ? OTHERS + code : FIRST_DIGIT - 1 + code / 0x200000;
  };
  // Full-width letters, fractions and their like are compared as what they are made of.
  const compatible = (character) => (primary.has(character) || marks.has(character) ? character : character.normalize('NFKD'));
  // An element for each character that counts: its weights, and a number where digits are read as one.
  const elements = (text, { numeric, ignorePunctuation }) => {
    const found = [];
    const add = (character, extra, isUpper) => {
      const mark = marks.get(character);
      if (mark !== undefined) {
        if (found.length > 0) found.at(-1).marks.push(mark);
        return;
      }
      // eslint-disable-next-line no-control-regex
      if (/[\0-\x08\x0e-\x1f\x7f-\x9f\p{Cf}\p{M}]/u.test(character)) return;
      const weight = primary.get(character) ?? unknown(character);
      if (ignorePunctuation && weight < FIRST_SYMBOL) return;
      found.push({ weight, marks: [], variant: (tertiary.get(character) ?? 0) + extra, isUpper, digits: null });
    };
    // Syllables of Hangul would fall apart, and stand in the order of their code points as they are.
    const whole = text.normalize('NFC').replace(/[^\uac00-\ud7a3]+/g, (part) => part.normalize('NFD'));
    for (const character of whole) {
      const last = found.at(-1);
      if (numeric && character >= '0' && character <= '9') {
        if (last?.digits !== null && last?.digits !== undefined) last.digits += character;
        else found.push({ weight: FIRST_DIGIT, marks: [], variant: 0, isUpper: false, digits: character });
      } else {
        const as = spelled.get(character) ?? compatible(character);
        const isUpper = character !== character.toLowerCase();
        const count = found.length;
        for (const each of as) add(each, as.length === 1 && as !== character ? WIDE : 0, isUpper);
        // Two letters as one (æ) differ from the two as an accent does.
        if (as.length > 1 && !marks.has(as[1]) && found.length > count) found[count].marks.push(LIGATURE);
      }
    }
    for (const element of found) if (element.digits !== null) element.digits = element.digits.replace(/^0+(?=.)/, '');
    return found;
  };
  const compareNumbers = (left, right) => left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
  const LEVELS = {
    primary: (left, right) => left.weight - right.weight
      || (left.digits !== null && right.digits !== null ? compareNumbers(left.digits, right.digits) : 0),
    accents: (left, right) => {
      const count = Math.max(left.marks.length, right.marks.length);
      for (let at = 0; at < count; at += 1) {
        const difference = (left.marks[at] ?? 1) - (right.marks[at] ?? 1);
        if (difference !== 0) return difference;
      }
      return 0;
    },
    cases: (left, right) => Number(left.isUpper) - Number(right.isUpper),
    variants: (left, right) => left.variant - right.variant || Number(left.isUpper) - Number(right.isUpper),
  };
  const SENSITIVITY = {
    base: ['primary'], accent: ['primary', 'accents'], case: ['primary', 'cases'], variant: ['primary', 'accents', 'variants'],
  };
  const chosen = (value, name, choices, otherwise) => {
    if (value === undefined) return otherwise;
    if (!choices.includes(String(value))) throw new RangeError(`Value ${value} out of range for Intl.Collator options property ${name}`);
    return String(value);
  };

  const localeOf = (locales) => {
    const [locale = 'en-US'] = [locales ?? []].flat();
    if (!/^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(locale)) throw new RangeError(`Incorrect locale information provided: ${locale}`);
    const [language, ...rest] = locale.toLowerCase().split('-');
    const extension = rest.includes('u') ? rest.slice(rest.indexOf('u') + 1) : [];
    const special = extension.some((each, at) => each === 'co' && !['standard', undefined].includes(extension[at + 1]));
    if (!ROOT.includes(language) || special || locale.toLowerCase().startsWith('fr-ca')) {
      throw new RangeError(`the order of the locale ${locale} is not available here (${ROOT.slice(0, -1).join(', ')}); `
        + "compare with < and >, or with localeCompare(other, 'en')");
    }
    return { locale, extension };
  };
  const keyword = (extension, name) => {
    const at = extension.indexOf(name);
    if (at < 0) return undefined;
    const value = extension[at + 1];
    return value === undefined || value.length === 2 ? 'true' : value;
  };
  class Collator {
    #options;
    #locale;
    #compare;
    constructor(locales, options = {}) {
      const { locale, extension } = localeOf(locales);
      this.#locale = locale;
      const usage = chosen(options.usage, 'usage', ['sort', 'search'], 'sort');
      this.#options = {
        usage,
        sensitivity: chosen(options.sensitivity, 'sensitivity', Object.keys(SENSITIVITY), 'variant'),
        ignorePunctuation: Boolean(options.ignorePunctuation ?? false),
        collation: 'default',
        numeric: Boolean(options.numeric ?? keyword(extension, 'kn') === 'true'),
        caseFirst: chosen(options.caseFirst, 'caseFirst', ['upper', 'lower', 'false'], keyword(extension, 'kf') ?? 'false'),
      };
      // Sorting asks for the same texts again and again.
      const known = new Map();
      const read = (text) => {
        let found = known.get(text);
        if (found === undefined) {
          if (known.size >= MOST_KNOWN) known.clear();
          found = elements(text, this.#options);
          known.set(text, found);
        }
        return found;
      };
      const levels = SENSITIVITY[this.#options.sensitivity];
      const upperFirst = this.#options.caseFirst === 'upper';
      this.#compare = (first, second) => {
        const [left, right] = [read(String(first)), read(String(second))];
        const shorter = Math.min(left.length, right.length);
        for (const level of levels) {
          for (let at = 0; at < shorter; at += 1) {
            const difference = LEVELS[level](left[at], right[at]);
            if (difference !== 0) return (difference < 0) === (upperFirst && (level === 'variants' || level === 'cases')) ? 1 : -1;
          }
          if (left.length !== right.length) return left.length < right.length ? -1 : 1;
        }
        return 0;
      };
    }
    get compare() { return this.#compare; }
    resolvedOptions() { return { locale: this.#locale, ...this.#options }; }
    static supportedLocalesOf(locales) {
      return [locales ?? []].flat().filter((each) => ROOT.includes(String(each).toLowerCase().split('-')[0]));
    }
  }
  const usual = new Collator();
  return Object.freeze({
    Collator,
    compare: (left, right, locales, options) => (locales === undefined && options === undefined ? usual
      : new Collator(locales, options)).compare(left, right),
  });
}
