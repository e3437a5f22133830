// setTimeout and its like for a code node: the host sleeps until the next one is due (`sandbox_child.py`).
() => {
  'use strict';
  const LONGEST = 2 ** 31 - 1;
  const waiting = new Map();
  let last = 0;
  // The time that timers have waited for, in milliseconds: not the clock, so that a slow program keeps their order.
  let now = 0;
  const add = (callback, milliseconds, values, every) => {
    if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function');
    const delay = milliseconds >= 1 && milliseconds <= LONGEST ? Math.trunc(milliseconds) : 1;
    last += 1;
    waiting.set(last, { due: now + delay, callback, values, every: every ? delay : null });
    return last;
  };
  const clear = (id) => { waiting.delete(Number(id)); };
  const next = () => {
    let first;
    for (const [id, timer] of waiting) if (first === undefined || timer.due < first.timer.due) first = { id, timer };
    return first;
  };
  return {
    globals: {
      setTimeout: (callback, milliseconds, ...values) => add(callback, milliseconds, values, false),
      setInterval: (callback, milliseconds, ...values) => add(callback, milliseconds, values, true),
      setImmediate: (callback, ...values) => add(callback, 0, values, false),
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    },
    // Milliseconds until the next one; -1 where none is set.
    pause: () => { const first = next(); return first === undefined ? -1 : Math.max(0, first.timer.due - now); },
    fire: () => {
      const { id, timer } = next();
      now = Math.max(now, timer.due);
      if (timer.every === null) waiting.delete(id);
      else timer.due = now + timer.every;
      timer.callback(...timer.values);
    },
  };
}
