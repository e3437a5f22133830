"""What is typed at a stop of `stepweave debug`: read from standard input beside all else, and understood. Pure but
for the reading."""

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from local.cli.running import CannotRun, items_of

_CHUNK: Final = 65_536
ALIASES: Final = {
    **dict.fromkeys(("step", "s", "next", "n"), "step"),
    **dict.fromkeys(("continue", "cont", "c", "run"), "run"),
    **dict.fromkeys(("skip", "k"), "skip"),
    **dict.fromkeys(("fail", "f"), "fail"),
    **dict.fromkeys(("print", "p"), "print"),
    **dict.fromkeys(("set",), "set"),
    **dict.fromkeys(("reset",), "reset"),
    **dict.fromkeys(("break", "b"), "break"),
    **dict.fromkeys(("clear",), "clear"),
    **dict.fromkeys(("stops", "where", "w"), "stops"),
    **dict.fromkeys(("at",), "at"),
    **dict.fromkeys(("help", "h", "?"), "help"),
    **dict.fromkeys(("quit", "q", "exit"), "quit"),
    **dict.fromkeys(("detach",), "detach"),
}
HELP: Final = """\
step          run this node and stop at the next (s)
continue      run on to the next breakpoint; after a failure: try again (c)
skip          pass the node over: its items go on
fail          after a failure: let it be one
print         the items that go in, as they are changed; with an expression, what that gives (p)
set JSON      other items: an object, or a list of them; `set @FILE`
set N JSON    another item in place of the Nth; `set PORT ...` where the node has several inputs
reset         take back what was set
break NODE[:CONDITION], clear NODE
stops, at N   what waits; look at the Nth of it
detach        leave the run waiting, for the browser
quit          end the run"""


class Wrong(Exception):
    """A command makes no sense. `str()` says what to type instead."""


@dataclass(frozen=True)
class Command:
    """What is to be done, one of the values of `ALIASES`, and what was typed behind it."""

    name: str
    rest: str


def parsed(line: str) -> Command | None:
    """Return what a line says; None for an empty one and a comment. Raises Wrong."""
    text = line.strip()
    if not text or text.startswith("#"):
        return None
    word, _, rest = text.partition(" ")
    name = ALIASES.get(word.lower())
    if name is None:
        raise Wrong(f"There is no command {word!r}; `help` says which there are.")
    if rest.strip() and name not in ("print", "set", "break", "clear", "at"):
        raise Wrong(f"`{name if name != 'run' else 'continue'}` takes nothing behind it.")
    return Command(name, rest.strip())


def edited(
    text: str, came_in: Mapping[str, list[dict[str, Any]]], edits: Mapping[str, list[dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    """Return what is put in by port once `set` was given `text`. Raises Wrong.

    Args:
        text: what was typed behind `set`.
        came_in: the items that came in, by port.
        edits: what is put in already.
    """
    first, _, behind = text.partition(" ")
    port = first if first in came_in else next(iter(came_in), "main")
    text = behind.strip() if first in came_in else text
    if not text:
        raise Wrong("`set` needs items: a JSON object, a list of them, or @FILE.")
    number, _, behind = text.partition(" ")
    now = edits.get(port, came_in.get(port, []))
    if number.isdecimal():
        values = _values(behind.strip())
        if len(values) != 1:
            raise Wrong(f"`set {number}` puts in one item: give one JSON object.")
        if not 1 <= int(number) <= len(now):
            raise Wrong(f"There is no item {number}: {port} has {len(now)}.")
        # Files are not edited: an item in the place of one that had some keeps them.
        put = [*now[: int(number) - 1], {**now[int(number) - 1], "json": values[0]["json"]}, *now[int(number) :]]
    else:
        before = came_in.get(port, [])
        kept = [{"binary": one["binary"]} if one.get("binary") else {} for one in before]
        put = [{**one, **(kept[at] if at < len(kept) else {})} for at, one in enumerate(_values(text))]
    return {**edits, port: put}


def _values(text: str) -> list[dict[str, Any]]:
    if text.startswith("@"):
        try:
            text = Path(text[1:]).read_text(encoding="utf-8")
        except OSError as error:
            raise Wrong(f"{text[1:]} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise Wrong(f"{text[1:]} is not UTF-8 text (byte {error.start}).") from error
    try:
        return items_of(json.loads(text, parse_constant=_no_constant))
    except json.JSONDecodeError as error:
        raise Wrong(f"These are no items, for this is not JSON: {error.msg} at column {error.colno}.") from error
    except RecursionError as error:
        raise Wrong("These are no items: the JSON is too deep.") from error
    except CannotRun as error:
        raise Wrong("These are no items: give a JSON object, or a list of objects.") from error


def _no_constant(name: str) -> Any:
    raise Wrong(f"These are no items: {name} is no JSON value.")


def breakpoint_of(text: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the breakpoint that `NODE[:CONDITION]` says; both may have colons. Raises Wrong.

    Args:
        text: it.
        names: node id -> name.
    """
    known = {name: node_id for node_id, name in names.items()} | {node_id: node_id for node_id in names}
    found = [one for one in known if text == one or text.startswith(f"{one}:")]
    if not found:
        has = ", ".join(sorted(names.values()))
        raise Wrong(f"There is no node {text.partition(':')[0]!r} to stop at; the workflow has {has}.")
    name = max(found, key=len)
    return {"nodeId": known[name], "condition": text[len(name) + 1 :].strip()}


def plain(text: str) -> str:
    """Return a text for a terminal: what would steer it is written out."""
    return "".join(one if one.isprintable() or one in "\n\t" else f"\\u{ord(one):04x}" for one in text)


def read_lines(fd: int | None, put: Callable[[str | None], None]) -> None:
    """Give each line of a file, and None at its end, to `put` in the loop that runs, from a thread of its own.

    It is read below `sys.stdin`, whose lock a thread that waits would hold when the interpreter ends.
    """
    loop = asyncio.get_running_loop()

    def give(lines: Iterable[str | None]) -> None:
        for line in lines:
            try:
                loop.call_soon_threadsafe(put, line)
            except RuntimeError:
                return  # the loop has ended

    def read() -> None:
        rest = b""
        try:
            while fd is not None and (chunk := os.read(fd, _CHUNK)):
                *whole, rest = (rest + chunk).split(b"\n")
                give(line.decode("utf-8", "replace") for line in whole)
        except OSError:
            pass  # a terminal that is gone gives nothing more
        give([rest.decode("utf-8", "replace"), None] if rest else [None])

    threading.Thread(target=read, daemon=True, name="stdin").start()
