// A small Intl for Luxon and toLocaleString: English (US) only, time zones from the host. QuickJS has none of its own.
// What it does not know is an error, never a wrong answer.
(zoneOf, localZone, collation) => {
  'use strict';
  const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
    'November', 'December'];
  const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  const LAST_YEAR = 2099;
  const unavailable = (what) => {
    throw new RangeError(`${what} is not available here (English (US) only); write numeric patterns, as Luxon's toFormat('dd.MM.yyyy'), or the words yourself`);
  };
  const english = (locales) => {
    const wrong = [locales ?? []].flat().find((each) => !/^en(-us)?(-u(-nu-latn|-ca-gregory)*)?$/i.test(each));
    if (wrong !== undefined) unavailable(`the locale ${wrong}`);
    return 'en-US';
  };
  const only = (options, known) => {
    const other = Object.keys(options).find((name) => options[name] !== undefined && !known.includes(name));
    if (other !== undefined) unavailable(`the option ${other}`);
  };

  // Time zones: the seconds at which the offset changes, and the offsets and names between.
  const table = (name) => {
    if (name === 'UTC') return { at: [], offset: [0], name: ['UTC'] };
    const found = zoneOf(name);
    if (found === null) throw new RangeError(`Invalid time zone specified: ${name}`);
    return found;
  };
  const isLeap = (year) => new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  const firstDay = (year) => new Date(Date.UTC(year, 0, 1)).getUTCDay();
  // The tables end; later years follow the rule of the last ones, so a year with the same calendar stands for them.
  const known = (milliseconds) => {
    const year = new Date(milliseconds).getUTCFullYear();
    if (!(year > LAST_YEAR)) return milliseconds;
    let same = LAST_YEAR - 1;
    while (isLeap(same) !== isLeap(year) || firstDay(same) !== firstDay(year)) same -= 1;
    return milliseconds - Date.UTC(year, 0, 1) + Date.UTC(same, 0, 1);
  };
  const zoneAt = (name, milliseconds) => {
    const { at, offset, name: names } = table(name);
    const second = known(milliseconds) / 1000;
    let [low, high] = [0, at.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at[middle] <= second) low = middle + 1;
      else high = middle;
    }
    return { offset: offset[low], name: names[low] };
  };
  const two = (number) => String(number).padStart(2, '0');
  const gmt = (offset, long) => {
    if (offset === 0) return 'GMT';
    const size = Math.abs(offset);
    const [hours, minutes, seconds] = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
    const rest = `${long || minutes || seconds ? `:${two(minutes)}` : ''}${seconds ? `:${two(seconds)}` : ''}`;
    return `GMT${offset < 0 ? '-' : '+'}${long ? two(hours) : hours}${rest}`;
  };
  // en-US has short names for the zones of the United States and Canada only (CLDR); all others are offsets.
  const AMERICAN = /^([ECMP][SD]T|AK[SD]T|HS?T|HDT)$/;
  const zoneName = (style, zone, { offset, name }) => {
    if (style === 'shortOffset') return gmt(offset, false);
    if (style === 'longOffset') return gmt(offset, true);
    if (style !== 'short') return unavailable(`the time zone's ${style} name`);
    if (zone === 'UTC' || zone === 'Etc/UTC') return 'UTC';
    return AMERICAN.test(name) && /^(America|US|Canada|Pacific\/Honolulu)/.test(zone) ? name : gmt(offset, false);
  };

  const DATE = ['weekday', 'era', 'year', 'month', 'day'];
  const TIME = ['hour', 'minute', 'second'];
  const STYLES = {
    full: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
    long: { year: 'numeric', month: 'long', day: 'numeric' },
    medium: { year: 'numeric', month: 'short', day: 'numeric' },
    short: { year: '2-digit', month: 'numeric', day: 'numeric' },
  };
  const TIMES = {
    long: { hour: 'numeric', minute: '2-digit', second: '2-digit', timeZoneName: 'short' },
    medium: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
    short: { hour: 'numeric', minute: '2-digit' },
  };
  const KNOWN = [...DATE, ...TIME, 'timeZone', 'timeZoneName', 'hour12', 'hourCycle', 'dateStyle', 'timeStyle'];
  const literal = (value) => ({ type: 'literal', value });
  const joined = (groups, between) => groups.filter((group) => group.length > 0)
    .flatMap((group, at) => (at > 0 ? [literal(between), ...group] : group));

  class DateTimeFormat {
    #options;
    #zone;
    constructor(locales, options = {}) {
      english(locales);
      only(options, KNOWN);
      if (options.timeStyle === 'full') unavailable('the time style full');
      const { dateStyle, timeStyle, ...rest } = options;
      this.#options = { ...rest, ...(dateStyle && STYLES[dateStyle]), ...(timeStyle && TIMES[timeStyle]) };
      if (![...DATE, ...TIME].some((name) => this.#options[name] !== undefined)) {
        Object.assign(this.#options, { year: 'numeric', month: 'numeric', day: 'numeric' });
      }
      this.#zone = options.timeZone ?? localZone();
      table(this.#zone);
    }
    resolvedOptions() {
      return { locale: 'en-US', calendar: 'gregory', numberingSystem: 'latn', timeZone: this.#zone };
    }
    get format() {
      return (date) => this.formatToParts(date).map((part) => part.value).join('');
    }
    formatToParts(date = new Date()) {
      const milliseconds = Number(date);
      if (Number.isNaN(milliseconds)) throw new RangeError('Invalid time value');
      const zone = zoneAt(this.#zone, milliseconds);
      const local = new Date(milliseconds + zone.offset * 1000);
      const time = this.#time(local, zone);
      const { weekday, year, month, day } = this.#options;
      const isWeekday = weekday !== undefined && [year, month, day].every((each) => each === undefined);
      return joined([this.#date(local), time], month === 'long' ? ' at ' : isWeekday ? ' ' : ', ');
    }
    #date(local) {
      const { weekday, era, year, month, day } = this.#options;
      const full = local.getUTCFullYear();
      const positive = full > 0 || !era ? full : 1 - full;
      const name = MONTHS[local.getUTCMonth()];
      const isNumber = month === undefined || month === 'numeric' || month === '2-digit';
      const number = (style, value) => (style === '2-digit' ? two(value % 100) : String(value));
      const monthText = isNumber ? number(month, local.getUTCMonth() + 1) : { long: name, short: name.slice(0, 3) }[month];
      if (monthText === undefined) unavailable(`the ${month} month`);
      const part = (style, type, value) => (style === undefined ? [] : [{ type, value }]);
      const monthPart = part(month, 'month', monthText);
      const dayPart = part(day, 'day', number(day, local.getUTCDate()));
      const yearPart = part(year, 'year', number(year, positive));
      const written = isNumber ? joined([monthPart, dayPart, yearPart], '/')
        : joined([joined([monthPart, dayPart], ' '), yearPart], day === undefined ? ' ' : ', ');
      const dayName = DAYS[local.getUTCDay()];
      const weekdayPart = part(weekday, 'weekday', weekday === 'long' ? dayName : dayName.slice(0, 3));
      if (weekday === 'narrow') unavailable('the narrow weekday');
      return joined([joined([weekdayPart, written], ', '), part(era, 'era', full > 0 ? 'AD' : 'BC')], ' ');
    }
    #time(local, zone) {
      const { hour, minute, second, hour12, hourCycle, timeZoneName } = this.#options;
      const isHalf = hour12 ?? !(hourCycle === 'h23' || hourCycle === 'h24');
      const hours = local.getUTCHours();
      const shown = isHalf ? hours % 12 || 12 : hours;
      const parts = [];
      if (hour !== undefined) {
        parts.push([{ type: 'hour', value: hour === '2-digit' || !isHalf ? two(shown) : String(shown) }]);
      }
      if (minute !== undefined) parts.push([{ type: 'minute', value: two(local.getUTCMinutes()) }]);
      if (second !== undefined) parts.push([{ type: 'second', value: two(local.getUTCSeconds()) }]);
      const clock = joined(parts, ':');
      if (hour !== undefined && isHalf) clock.push(literal(' '), { type: 'dayPeriod', value: hours < 12 ? 'AM' : 'PM' });
      if (timeZoneName === undefined) return clock;
      const name = [{ type: 'timeZoneName', value: zoneName(timeZoneName, this.#zone, zone) }];
      return joined([clock, name], ' ');
    }
  }

  const SYMBOLS = { USD: '$', EUR: '€', GBP: '£', JPY: '¥', INR: '₹', CNY: 'CN¥', KRW: '₩', BRL: 'R$', CAD: 'CA$',
    AUD: 'A$', MXN: 'MX$', NZD: 'NZ$', ILS: '₪', VND: '₫', HKD: 'HK$', TWD: 'NT$', PHP: '₱' };
  const WHOLE = ['JPY', 'KRW', 'VND'];
  const UNITS = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'];
  const NUMBERS = ['style', 'currency', 'unit', 'unitDisplay', 'useGrouping', 'minimumIntegerDigits',
    'minimumFractionDigits', 'maximumFractionDigits', 'padTo', 'floor', 'listStyle'];
  // Rounds `number` times ten to the `shift` half away from zero on its shortest decimal digits, as ICU does.
  const rounded = (number, most, shift) => {
    const [mantissa, exponent] = number.toExponential().split('e');
    const digits = mantissa.replace('.', '');
    const point = Number(exponent) + 1 + shift;
    const keep = point + most;
    const padded = keep < 0 ? '' : digits.padEnd(keep, '0').slice(0, keep);
    const up = keep >= 0 && keep < digits.length && digits[keep] >= '5';
    const whole = (BigInt(padded || '0') + (up ? 1n : 0n)).toString().padStart(most + 1, '0');
    return [whole.slice(0, whole.length - most), whole.slice(whole.length - most)];
  };

  class NumberFormat {
    #options;
    constructor(locales, options = {}) {
      english(locales);
      only(options, NUMBERS);
      const { style = 'decimal', currency, unit, unitDisplay = 'short' } = options;
      if (!['decimal', 'percent', 'currency', 'unit'].includes(style)) unavailable(`the style ${style}`);
      if (style === 'unit' && (!UNITS.includes(unit) || unitDisplay !== 'long')) unavailable(`the unit ${unit}`);
      const usual = style === 'currency' ? (WHOLE.includes(currency?.toUpperCase()) ? 0 : 2) : 0;
      const least = options.minimumFractionDigits ?? Math.min(usual, options.maximumFractionDigits ?? usual);
      const most = options.maximumFractionDigits
        ?? Math.max(least, style === 'currency' ? usual : style === 'percent' ? 0 : 3);
      if (least > most) throw new RangeError('minimumFractionDigits is larger than maximumFractionDigits');
      this.#options = { ...options, style, least, most, currency: currency?.toUpperCase() };
    }
    resolvedOptions() {
      return { locale: 'en-US', numberingSystem: 'latn' };
    }
    get format() { return (value) => this.#written(value); }
    #written(value) {
      const { style, currency, unit, least, most, useGrouping = true, minimumIntegerDigits = 1 } = this.#options;
      const isLarge = typeof value === 'bigint';
      const number = Number(value);
      const sign = number < 0 || Object.is(number, -0) ? '-' : '';
      let written = Number.isNaN(number) ? 'NaN' : '∞';
      if (Number.isFinite(number) || isLarge) {
        const shift = style === 'percent' ? 2 : 0;
        const [whole, fraction] = isLarge ? [`${value < 0n ? -value : value}${'0'.repeat(shift)}`, '0'.repeat(most)]
          : rounded(Math.abs(number), most, shift);
        let end = fraction.length;
        while (end > least && fraction[end - 1] === '0') end -= 1;
        const padded = whole.padStart(minimumIntegerDigits, '0');
        const grouped = useGrouping ? padded.replace(/\B(?=(\d{3})+$)/g, ',') : padded;
        written = grouped + (end > 0 ? `.${fraction.slice(0, end)}` : '');
      }
      if (style === 'percent') return `${sign}${written}%`;
      if (style === 'currency') return `${sign}${SYMBOLS[currency] ?? `${currency}\u00a0`}${written}`;
      if (style === 'unit') return `${sign}${written} ${unit}${written === '1' ? '' : 's'}`;
      return sign + written;
    }
  }

  class ListFormat {
    #style;
    constructor(locales, { type = 'conjunction', style = 'long' } = {}) {
      english(locales);
      if (type !== 'conjunction') unavailable(`the list type ${type}`);
      this.#style = style;
    }
    format(entries) {
      const all = [...entries];
      if (this.#style === 'narrow' || all.length < 2) return all.join(', ');
      const and = this.#style === 'long' ? 'and' : '&';
      return `${all.slice(0, -1).join(', ')}${all.length > 2 ? ',' : ''} ${and} ${all.at(-1)}`;
    }
  }

  const ORDINALS = { 1: 'one', 2: 'two', 3: 'few' };
  class PluralRules {
    #type;
    #write;
    constructor(locales, { type = 'cardinal', ...options } = {}) {
      english(locales);
      if (!['cardinal', 'ordinal'].includes(type)) throw new RangeError(`Value ${type} out of range for Intl.PluralRules options property type`);
      this.#type = type;
      this.#write = new NumberFormat('en', options);
    }
    select(value) {
      const number = Number(value);
      if (this.#type === 'cardinal') return this.#write.format(Math.abs(number)) === '1' ? 'one' : 'other';
      const last = Math.abs(number) % 100;
      return (last < 11 || last > 13) && ORDINALS[last % 10] ? ORDINALS[last % 10] : 'other';
    }
    resolvedOptions() {
      const pluralCategories = this.#type === 'cardinal' ? ['one', 'other'] : ['few', 'one', 'two', 'other'];
      return { locale: 'en-US', type: this.#type, pluralCategories };
    }
  }
  const RELATIVE = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'];
  const SHORT = { year: 'yr.', quarter: 'qtr.', month: 'mo.', week: 'wk.', day: 'day', hour: 'hr.', minute: 'min.', second: 'sec.' };
  const NARROW = { year: 'y', quarter: 'q', month: 'mo', week: 'w', day: 'd', hour: 'h', minute: 'min', second: 's' };
  const NEAR = { day: ['yesterday', 'today', 'tomorrow'], second: [undefined, 'now'] };
  class RelativeTimeFormat {
    #numeric;
    #style;
    constructor(locales, { numeric = 'always', style = 'long' } = {}) {
      english(locales);
      if (!['long', 'short', 'narrow'].includes(style)) throw new RangeError(`Value ${style} out of range for Intl.RelativeTimeFormat options property style`);
      this.#numeric = numeric;
      this.#style = style;
    }
    format(value, given) {
      const unit = String(given).replace(/s$/, '');
      const number = Number(value);
      if (!RELATIVE.includes(unit)) throw new RangeError(`Invalid unit argument for format() '${given}'`);
      if (!Number.isFinite(number)) throw new RangeError('Invalid time value');
      if (this.#numeric === 'auto' && [-1, 0, 1].includes(number)) {
        const short = { long: unit, short: SHORT[unit], narrow: SHORT[unit] }[this.#style];
        const near = NEAR[unit] ? NEAR[unit][number + 1] : [`last ${short}`, `this ${unit === 'hour' || unit === 'minute' ? unit : short}`, `next ${short}`][number + 1];
        const hasWord = near !== undefined && !(['hour', 'minute', 'second'].includes(unit) && number !== 0);
        if (hasWord) return near;
      }
      const size = Math.abs(number);
      const written = new NumberFormat('en').format(size);
      const many = size === 1 ? '' : 's';
      const name = { long: `${unit}${many}`, short: unit === 'day' || unit === 'quarter' ? SHORT[unit].replace(/(\.?)$/, `${many}$1`) : SHORT[unit] }[this.#style];
      const amount = this.#style === 'narrow' ? `${written}${NARROW[unit]}` : `${written} ${name}`;
      return number < 0 || Object.is(number, -0) ? `${amount} ago` : `in ${amount}`;
    }
    resolvedOptions() { return { locale: 'en-US', style: this.#style, numeric: this.#numeric, numberingSystem: 'latn' }; }
  }
  const missing = (name) => class {
    constructor() { throw new TypeError(`Intl.${name} is not available here`); }
  };
  const supportedLocalesOf = (locales) => [locales ?? []].flat().filter((each) => /^en(-us)?$/i.test(each));
  for (const kind of [DateTimeFormat, NumberFormat, ListFormat, PluralRules, RelativeTimeFormat]) kind.supportedLocalesOf = supportedLocalesOf;

  // These three may be called without `new`.
  const callable = (kind) => new Proxy(kind, { apply: (_, self, values) => new kind(...values) });

  const defaults = { both: [...DATE, ...TIME], date: DATE, time: TIME };
  return Object.freeze({
    DateTimeFormat: callable(DateTimeFormat),
    NumberFormat: callable(NumberFormat),
    ListFormat,
    PluralRules,
    RelativeTimeFormat,
    get Collator() { return callable(collation().Collator); },
    DisplayNames: missing('DisplayNames'),
    Segmenter: missing('Segmenter'),
    DurationFormat: missing('DurationFormat'),
    getCanonicalLocales: (locales) => [locales ?? []].flat().map(String),
    number: (value, locales, options) => new NumberFormat(locales, options).format(value),
    date: (value, locales, options = {}, which) => {
      if (Number.isNaN(Number(value))) return 'Invalid Date';
      const wrong = { date: 'timeStyle', time: 'dateStyle' }[which];
      if (options[wrong] !== undefined) throw new TypeError(`Invalid option : ${wrong}`);
      const wants = (names) => names.some((name) => options[name] !== undefined);
      const isGiven = wants(defaults[which]) || options.dateStyle || options.timeStyle;
      const date = which !== 'time' && { year: 'numeric', month: 'numeric', day: 'numeric' };
      const time = which !== 'date' && { hour: 'numeric', minute: '2-digit', second: '2-digit' };
      return new DateTimeFormat(locales, isGiven ? options : { ...options, ...date, ...time }).format(value);
    },
  });
}
