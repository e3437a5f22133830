"""Counts what a step uses while it runs. The platform's HTTP client counts its requests by itself.

What is told is only ever added to: an attempt that fails has used what it has used. Nothing told wrongly ends a step
that has spent money already; the log says what is left out, for whoever writes the node.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, Final

from stepweave.model.usage import MOST_KINDS, Tokens, Usage, UsageInvalid, added, amount, currency, entries, name, whole

TOLD_EVERY: Final = 2.0
"""Seconds between two events of what a step that lasts has used."""


class Meter:
    """One attempt's usage. Safe to use from several threads."""

    def __init__(self) -> None:
        self.refused: Callable[[str], None] = lambda _: None
        """Told, once for each reason, what is left out and why."""
        self.requests = 0
        """HTTP requests that were sent by the platform's client."""
        self._lock = Lock()
        self._untold: Usage = {}
        self._kinds: set[tuple[str, str]] = set()
        self._reasons: set[str] = set()
        self._told_at = time.monotonic()

    def tokens(self, model: str, *, input: int = 0, output: int = 0, cached: int = 0) -> None:
        """Count tokens of a language model.

        Args:
            model: its name as the provider writes it.
            input: of what was sent, with those that were cached.
            output: of what came.
            cached: those of the input that the provider had already.
        """

        def checked() -> Usage:
            of = name(model, "a model")
            given: Tokens = {
                "input": whole(input, f"input tokens of {of}"),
                "output": whole(output, f"output tokens of {of}"),
                "cached": whole(cached, f"cached tokens of {of}"),
            }
            return {"tokens": {of: given}}

        self._add(checked)

    def money(self, spent: Any, code: str) -> None:
        """Count money.

        Args:
            spent: a number, a `Decimal`, or decimal text, which is exact.
            code: of the currency (ISO 4217).
        """

        def checked() -> Usage:
            of = currency(code)
            return {"money": {of: amount(spent, of)}}

        self._add(checked)

    def count(self, unit: str, number: Any = 1) -> None:
        """Count something of the node's own.

        Args:
            unit: what is counted, in the plural, for people: `pages`, `seconds of audio`.
            number: how many; may be a fraction.
        """

        def checked() -> Usage:
            of = name(unit, "a unit")
            return {"counted": {of: amount(number, of)}}

        self._add(checked)

    def asked(self, sent: int) -> None:
        """Count an HTTP request and the bytes of its body; for the platform's client."""
        self.requests += 1
        self._sum({"requests": 1, "bytesSent": sent})

    def sent(self, sent: int) -> None:
        """Count further bytes of a request's body; for the platform's client."""
        self._sum({"bytesSent": sent})

    def received(self, received: int) -> None:
        """Count bytes of an answer's body; for the platform's client."""
        self._sum({"bytesReceived": received})

    def carry(self, usage: Usage) -> None:
        """Count what an earlier attempt used and nobody was told of; for the runner."""
        self._sum(usage)

    def take(self) -> Usage:
        """Return what was counted since this was asked last; for the runner."""
        with self._lock:
            taken, self._untold = self._untold, {}
            self._told_at = time.monotonic()
            return taken

    def due(self) -> Usage:
        """Return what `take` does, where the last time is `TOLD_EVERY` ago; else nothing. For the runner."""
        return self.take() if time.monotonic() - self._told_at >= TOLD_EVERY else {}

    def _add(self, checked: Callable[[], Usage]) -> None:
        try:
            usage = checked()
            kinds = {(kind.partition(".")[0], key) for kind, key, _ in entries(usage)}
            with self._lock:
                if len(self._kinds | kinds) > MOST_KINDS:
                    raise UsageInvalid(f"a step may tell of {MOST_KINDS} models, currencies and units together")
                self._kinds |= kinds
        except UsageInvalid as error:
            self._leave_out(str(error))
        else:
            self._sum(usage)

    def _sum(self, usage: Usage) -> None:
        with self._lock:
            self._untold = added(self._untold, usage)

    def _leave_out(self, reason: str) -> None:
        with self._lock:
            if reason in self._reasons or len(self._reasons) >= MOST_KINDS:
                return
            self._reasons.add(reason)
        self.refused(f"Usage that the node told of is left out ({reason}). This is a mistake in the node.")


_current: ContextVar[Meter | None] = ContextVar("meter", default=None)
_NOBODYS: Final = Meter()


def current_meter() -> Meter:
    """Return the meter of the step that runs; outside of steps one that nobody reads."""
    return _current.get() or _unread()


@contextmanager
def metered(meter: Meter) -> Iterator[None]:
    """Have what is asked in the block counted by `meter`. Threads count there, too, that are given the context."""
    token = _current.set(meter)
    try:
        yield
    finally:
        _current.reset(token)


def _unread() -> Meter:
    _NOBODYS.take()  # so that it does not grow
    return _NOBODYS
