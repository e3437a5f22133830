"""Regular expressions of users: JavaScript's, in a process that is stopped when one takes too long.

A pattern runs in the sandbox's child (`sandbox_child`), alone: the child has no data but the text. QuickJS stops its
own matching at the limit of time; where it did not, the process is killed.
"""

import json
import re
import time
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from stepweave.expressions.libraries import source_of
from stepweave.expressions.sandbox_process import ProcessEnded, SandboxProcess

SECONDS: Final = 0.2
"""The time of the processor that one text may take. A pattern that does not explode takes microseconds."""
SECONDS_AGAIN: Final = 0.02
"""The same for a pattern that took too long before: a thousand such items must not take minutes."""
_AT_ONCE: Final = 200
GRACE_SECONDS: Final = 4.0
"""How long the process may take beyond that, by the clock, before it is killed: a busy machine is no slow pattern."""
START_SECONDS: Final = 20.0
MEMORY_BYTES: Final = 32 * 1024**2
MOST_FOUND: Final = 100_000
"""Places in one text that are told of."""
_SLASHED: Final = re.compile(r"/(.*)/([dgimsuvy]*)", re.DOTALL)
_UNICODE: Final = re.compile(r"(?<!\\)(?:\\\\)*\\(?:[pP]\{|u\{)")


class PatternError(ValueError):
    """A pattern that cannot be read, or takes too long. `remedy` says what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Return whether a regular expression is found in a text.

    Args:
        pattern: as in JavaScript's `RegExp`, or `/pattern/flags`. One with `\\p{...}` or `\\u{...}` has the flag `u`.
        text: any.
        ignore_case: adds the flag `i`.

    Raises:
        PatternError: it cannot be read, or takes too long for this text.
    """
    source, flags = parsed(pattern, ignore_case=ignore_case)
    return _process().matches(source, flags, text)


def replaced(pattern: str, texts: Sequence[str], replacement: str, *, ignore_case: bool = False) -> list[str]:
    """Return short texts with what a regular expression finds in them replaced, wherever it is found.

    Args:
        pattern: as of `matches`; the flag `g` is added.
        texts: any number of them; `SECONDS` are for `_AT_ONCE` texts.
        replacement: as of JavaScript's `replace`: `$1`, `$<name>`, `$&`, `$$`.
        ignore_case: adds the flag `i`.

    Raises:
        PatternError: the pattern cannot be read, or takes too long for these texts.
    """
    source, flags = parsed(pattern, ignore_case=ignore_case)
    flags += "" if "g" in flags else "g"
    return _process().replaced(source, flags, texts, replacement)


def found_in(pattern: str, text: str, *, ignore_case: bool = False) -> list[list[str | None]]:
    """Return what a regular expression finds in a text: for each place the match, then its groups. Errors as `matches`.

    Raises:
        PatternError: also where it is found at more than `MOST_FOUND` places.
    """
    source, flags = parsed(pattern, ignore_case=ignore_case)
    answer = _process().ask(source, flags, {"text": text, "action": "find", "most": MOST_FOUND}, len(text))
    if answer.get("more"):
        raise PatternError(f"The pattern {_shown(source)} is found more than {MOST_FOUND:,} times.", "Take a part.")
    found: list[list[str | None]] = answer["found"]
    return found


def replaced_in(
    pattern: str, text: str, replacement: str, *, ignore_case: bool = False, everywhere: bool = True
) -> str:
    """Return a text with what a regular expression finds replaced, as JavaScript's `replace`. Errors as `matches`.

    Args:
        pattern: as of `matches`.
        text: any.
        replacement: `$1`, `$<name>`, `$&`, `$$`.
        ignore_case: adds the flag `i`.
        everywhere: adds the flag `g`.
    """
    source, flags = parsed(pattern, ignore_case=ignore_case)
    flags += "g" if everywhere and "g" not in flags else ""
    return str(_process().ask(source, flags, {"texts": [text], "replacement": replacement}, len(text))["texts"][0])


def divided(pattern: str, text: str, *, ignore_case: bool = False) -> list[str]:
    """Return the parts of a text between what a regular expression finds, and its groups. Errors as `matches`."""
    source, flags = parsed(pattern, ignore_case=ignore_case)
    answer = _process().ask(source, flags, {"text": text, "action": "split", "most": MOST_FOUND}, len(text))
    return [part or "" for part in answer["parts"]]


def parsed(pattern: str, *, ignore_case: bool = False) -> tuple[str, str]:
    """Return a pattern's source and flags."""
    slashed = _SLASHED.fullmatch(pattern)
    source, flags = slashed.groups() if slashed and slashed[1] else (pattern, "")
    if ignore_case and "i" not in flags:
        flags += "i"
    if _UNICODE.search(source) and not {"u", "v"} & set(flags):
        flags += "u"
    return source, flags


class PatternProcess:
    """A warm process that tries patterns on texts, one request after another."""

    def __init__(self) -> None:
        self._process: SandboxProcess | None = None
        self._slow: set[tuple[str, str]] = set()
        self._lock = Lock()

    def matches(self, source: str, flags: str, text: str) -> bool:
        """As the function, with the pattern taken apart."""
        return bool(self.ask(source, flags, {"text": text}, len(text))["matches"])

    def replaced(self, source: str, flags: str, texts: Sequence[str], replacement: str) -> list[str]:
        """As the function, with the pattern taken apart."""
        made: list[str] = []
        for start in range(0, len(texts), _AT_ONCE):
            part = list(texts[start : start + _AT_ONCE])
            request = {"texts": part, "replacement": replacement}
            made += self.ask(source, flags, request, max(map(len, part)))["texts"]
        return made

    def ask(self, source: str, flags: str, request: dict[str, Any], length: int) -> dict[str, Any]:
        """Return the process's answer. Raises PatternError; `length` is that of the longest text, for its words."""
        with self._lock:
            answer = self._answer(source, flags, request)
        if "limit" in answer:
            self._slow.add((source, flags))
            raise PatternError(
                f"The pattern {_shown(source)} takes too long for a text of {length} characters.",
                "Mend the regular expression: repetitions inside repetitions, like (a+)+, or side by side, like .*.*,"
                " try every way to divide the text.",
            )
        if "invalid" in answer:
            raise PatternError(f"The pattern cannot be read: {answer['invalid']}.", "Mend the regular expression.")
        return answer

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def _answer(self, source: str, flags: str, asked: dict[str, Any]) -> dict[str, Any]:
        seconds = SECONDS_AGAIN if (source, flags) in self._slow else SECONDS
        request = json.dumps({"pattern": source, "flags": flags, **asked})
        deadline = time.monotonic() + seconds + GRACE_SECONDS
        try:
            process = self._ready()
            process.send(f"{seconds} {MEMORY_BYTES}\n{request}", deadline)
            answer: dict[str, Any] = json.loads(process.receive(deadline))
        except (TimeoutError, ProcessEnded):
            self.close()
            return {"limit": "time"}
        except BaseException:
            self.close()  # interrupted between request and answer: the next would read this one's answer
            raise
        return answer

    def _ready(self) -> SandboxProcess:
        if self._process is not None and not self._process.is_running:
            self.close()
        if self._process is None:
            self._process = SandboxProcess.of_javascript()
            for source in ("3", "() => undefined", source_of("patterns.js"), ""):
                self._process.send(source, time.monotonic() + START_SECONDS)
        return self._process


@lru_cache(maxsize=1)
def _process() -> PatternProcess:
    """Return this worker's process."""
    return PatternProcess()


def _shown(source: str) -> str:
    return source if len(source) <= 80 else source[:80] + "…"
