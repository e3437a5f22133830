"""Runs a code node's Python in a fork that is locked already, and writes what comes of it to the pipe.

Messages are a letter, four bytes of length, and JSON: `L` a log line, `W` what must be there before it can run (the
parent brings it and runs the code again), `E` an error, `R` the result, `S` which input items each result was made of.

Longer than other files: whatever a run may touch (`_Room`) is seen in one place.
"""

import builtins
import json
import posix
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stepweave.expressions.python import child_modules, child_names, child_results, child_source
else:
    import child_modules
    import child_names
    import child_results
    import child_source

OUTPUT = 1
MOST_LOGS, MOST_TEXT = 200, 4000
_real_import = builtins.__import__
_dumps = json.dumps
"""Taken before people's code may put something else in its place."""


def say(kind: str, value: Any) -> None:
    """Write a message; a result is JSON text already."""
    body = (value if kind == "R" else _dumps(value)).encode()
    for piece in (kind.encode() + len(body).to_bytes(4, "big"), body):
        data = memoryview(piece)
        while data:
            data = data[posix.write(OUTPUT, data) :]


def want(what: str) -> None:
    """Ask the parent for something, and end: it runs the code again with it."""
    say("W", what)
    posix._exit(0)


def take_zones_over() -> None:
    """Let `zoneinfo` ask for the zones that it has not, rather than look for files."""
    import zoneinfo

    zoneinfo.reset_tzpath(())
    zoneinfo._common.load_tzdata = _zone


_zones: "dict[str, str]" = {}


def _zone(key: str) -> Any:
    if key not in _zones:
        want(f"zone:{key}")
    if not _zones[key]:
        import zoneinfo

        raise zoneinfo.ZoneInfoNotFoundError(f"No time zone found with key {key}")
    import binascii
    import io

    return io.BytesIO(binascii.a2b_base64(_zones[key]))


class _Log:
    """`print`, and `sys.stdout` and `sys.stderr` for what writes to them."""

    def __init__(self) -> None:
        self.count = 0
        self.rest: dict[str, str] = {}

    def line(self, level: str, text: str) -> None:
        self.count += 1
        if self.count <= MOST_LOGS:
            say("L", [level, text[:MOST_TEXT]])

    def write(self, level: str, text: str) -> None:
        whole = self.rest.pop(level, "") + text
        *lines, rest = whole.split("\n")
        for line in lines:
            self.line(level, line)
        if rest:
            self.rest[level] = rest[: MOST_TEXT + 1]

    def end(self) -> None:
        for level, text in list(self.rest.items()):
            self.line(level, text)
        if self.count > MOST_LOGS:
            say("D", self.count - MOST_LOGS)


class _Stream:
    def __init__(self, log: _Log, level: str) -> None:
        self._log, self._level = log, level

    encoding = "utf-8"

    def write(self, text: str) -> int:
        self._log.write(self._level, str(text))
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


def run(request: str, absent: "set[str]") -> None:
    """Run a request and write what comes of it; returns or ends the process."""
    given = json.loads(request, object_pairs_hook=child_names.Record)
    log = _Log()
    sys.stdin, sys.stdout, sys.stderr = None, _Stream(log, "info"), _Stream(log, "warning")
    sys.meta_path[:] = [*sys.meta_path[:2], _Finder(absent)]
    _zones.update(given["zones"])
    code = given["code"]
    room = _Room(given, log)
    try:
        value = room.run()
        text = child_results.to_json(value)
        log.end()
        say("S", _sources(value, given))
        del value
        say("R", text)
    except BaseException as error:  # noqa: BLE001,RUF100  # whatever people's code raises
        _failed(error, code, room, log)


def _sources(value: Any, given: Any) -> Any:
    if not given["lineage"]:
        return []
    return [child_names.listed(each) for each in value] if given["eachItem"] else child_names.listed(value)


def _failed(error: BaseException, code: str, room: "_Room", log: _Log) -> None:
    kind = "memory" if isinstance(error, MemoryError) else "error"
    line, column = child_source.place_of(error.__traceback__, code)
    if isinstance(error, SyntaxError) and error.filename == child_source.FILE:
        line, column = error.lineno, error.offset
        error.args = (error.msg,)
    item = room.index if room.is_each else None
    error.__traceback__ = None
    room.empty()
    words = "SyntaxError: " + str(error.msg) if isinstance(error, SyntaxError) else child_results.words_of(error)
    log.end()
    say("E", {"kind": kind, "message": words, "line": line, "column": column, "item": item})


class _Finder:
    """Stands where modules would be looked for: they are loaded before the fork, or asked for."""

    def __init__(self, absent: "set[str]") -> None:
        self._absent = absent

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Ask for a module that may be loaded; there is no other."""
        if name not in self._absent and child_modules.is_loadable(name):
            want(f"module:{name}")

    def invalidate_caches(self) -> None:
        """There are none."""


class _Room:
    """The names that the code finds, and the running of it, once or once for each item."""

    def __init__(self, given: Any, log: _Log) -> None:
        self._given, self._log = given, log
        self._items = given["items"]
        self.is_each: bool = given["eachItem"]
        self.index = 0
        if given["lineage"]:
            for index, item in enumerate(self._items):
                child_names.mark(item, (index,))
                child_names.mark(item["json"], (index,))
        self._globals: dict[str, Any] = {}

    def run(self) -> Any:
        """Return what the code returns; a list of that, where it runs once for each item."""
        code = child_source.compiled(self._given["code"])
        if not self.is_each:
            return self._once(code)
        results = []
        for index in range(len(self._items)):
            self.index = index
            results.append(self._once(code))
        return results

    def empty(self) -> None:
        """Let go of what the code holds, so that there is memory to say what happened."""
        self._globals.clear()

    def _once(self, code: Any) -> Any:
        self._globals.clear()
        self._globals.update(self._names())
        exec(code, self._globals)  # noqa: S102  # what this process is for
        value = self._globals[child_source.MAIN]()
        is_lazy = not isinstance(value, (list, dict, tuple, str)) and hasattr(value, "__iter__")
        return list(value) if is_lazy else value

    def _names(self) -> "dict[str, Any]":
        given, item = self._given, self._current()
        names: dict[str, Any] = {
            "__name__": "__main__",
            "__builtins__": self._builtins(),
            child_source.MERGED: child_names.merged,
            "_input": child_names.Input(self._items, given["inputs"], self._current),
            "_node": child_names.Nodes(self._node),
            "_": self._node,
            "_itemIndex": self.index,
            "_runIndex": given["round"],
            "_workflow": given["workflow"],
            "_execution": given["execution"],
            "_vars": given["variables"],
        }
        for name, value in (("items", self._items), ("item", item)):
            names[name] = names[f"_{name}"] = value
        names["_json"] = item["json"] if item is not None else None
        names["_binary"] = item.get("binary", {}) if item is not None else None
        if given["now"] is not None:
            names |= _moments(given["now"])
        return names

    def _current(self) -> Any:
        return self._items[self.index] if self._items else None

    def _node(self, name: str) -> child_names.Node:
        if name not in self._given["nodes"]:
            want(f"node:{name}")
        found = self._given["nodes"][name]
        if not found["known"]:
            raise LookupError(f"there is no node {name!r} before this one")
        return child_names.Node(name, found["ports"], self._pair)

    def _pair(self, name: str, items: "list[Any]", index: "int | None") -> Any:
        if len(items) < 2:
            return items[0] if items else None
        if index is None and not self.is_each and len(self._items) > 1:
            raise LookupError(
                f"_({name!r}).item is not clear in code that runs once for all items; use .itemMatching(i), .first(), "
                ".last() or .all()[i]"
            )
        if name not in self._given["pairs"]:
            want(f"pairs:{name}")
        pairs, here = self._given["pairs"][name], self.index if index is None else index
        if not 0 <= here < len(pairs["places"]):
            raise IndexError(f"there is no item {here} here")
        place = pairs["places"][here]
        if place < 0:
            raise LookupError(pairs["words"][str(place)].replace("item #", f"item {here}"))
        return items[place]

    def _builtins(self) -> "dict[str, Any]":
        found = dict(vars(builtins))
        found["__import__"] = _import
        found["print"] = self._print
        for name, words in (
            ("open", "a code node's code opens no files"),
            ("input", "nobody can be asked for input here"),
            ("breakpoint", "there is no debugger here"),
        ):
            found[name] = _refusing(words)
        return found

    def _print(
        self, *values: Any, sep: "str | None" = " ", end: "str | None" = "\n", file: Any = None, flush: bool = False
    ) -> None:
        text = (" " if sep is None else sep).join(map(str, values))
        end = "\n" if end is None else end
        if file is not None and not isinstance(file, _Stream):
            file.write(text + end)
        elif file is None and end == "\n" and not self._log.rest:
            self._log.line("info", text)  # one line of the log, whatever is in it
        else:
            (file or sys.stdout).write(text + end)


def _refusing(words: str) -> Any:
    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError(words)

    return refused


def _import(
    name: str, globals: Any = None, locals: Any = None, fromlist: "tuple[str, ...] | None" = (), level: int = 0
) -> Any:
    """Import what people's code may import; `fromlist` may name submodules."""
    if level:
        raise ImportError("there are no packages of your own here")
    for each in [name, *(f"{name}.{part}" for part in fromlist or ())]:
        if not child_modules.is_allowed(each):
            raise ModuleNotFoundError(child_modules.why_not(each, sys.stdlib_module_names), name=name)
    return _real_import(name, globals, locals, fromlist, 0)


def _moments(now: Any) -> "dict[str, Any]":
    from datetime import datetime, timedelta, timezone
    from zoneinfo import ZoneInfo

    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=now["milliseconds"])  # noqa: UP017
    here = moment.astimezone(ZoneInfo(now["zone"]))
    return {"_now": here, "_today": here.replace(hour=0, minute=0, second=0, microsecond=0)}
