"""The sandbox's process: runs JavaScript for its parent, one request after another, and can do nothing else.

Started as `python -I -S sandbox_child.py FOLDER_OF_QUICKJS` with an empty environment. Requests and answers are JSON
behind four bytes of length, on stdin and stdout. Every request gets a fresh QuickJS context. Imports the standard
library's lightest modules and `_quickjs`, so that it starts in about 20 ms.
"""

from __future__ import annotations

import contextlib
import json
import resource
import struct
import sys
import time

TYPE_CHECKING = False  # the constant that type checkers take for true; `typing` costs 5 ms to import
if TYPE_CHECKING:
    from typing import Any

sys.path.append(sys.argv[1])
import _quickjs  # noqa: E402  # found only now

LARGEST_LOGS = 200
LONGEST_TEXT = 4000
STACK_BYTES = 512 * 1024
ADDRESS_BYTES = 768 * 1024**2
"""Of address space for the whole process: QuickJS's own limit is far below; this holds where that has a gap."""


def lock_down() -> None:
    """Take away what JavaScript could reach if it ever got out of QuickJS: files, processes, memory."""
    limits = (
        (resource.RLIMIT_AS, ADDRESS_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for which, value in limits:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(which, (value, value))


def read_frame() -> Any:
    """Return the next request, or None when the parent is gone."""
    head = sys.stdin.buffer.read(4)
    if len(head) < 4:
        return None
    return json.loads(sys.stdin.buffer.read(struct.unpack(">I", head)[0]))


def write_frame(answer: Any) -> None:
    """Send an answer."""
    data = json.dumps(answer).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)
    sys.stdout.buffer.flush()


def run(prelude_source: str, runner_source: str, request: Any) -> Any:
    """Run one request and return `{"result", "error", "limit", "logs", "dropped"}`."""
    context = _quickjs.Context()
    context.set_memory_limit(request["memory"])
    context.set_max_stack_size(STACK_BYTES)
    prelude = context.eval(prelude_source)
    context.set("__prelude", prelude)
    member = {name: context.eval("__prelude." + name) for name in ("load", "know", "output", "at")}
    member["know"](json.dumps(list(request["outputs"])))
    for name, output in request["outputs"].items():
        member["output"](json.dumps(name), json.dumps(output))
    for what in ("items", "workflow", "execution", "variables"):
        member["load"](what, json.dumps(request[what]))
    member["at"](0)
    settings = json.dumps({"mostLogs": LARGEST_LOGS, "mostText": LONGEST_TEXT})
    runner = context.eval(runner_source)(prelude, settings)
    context.set("__runner", runner)
    step = {name: context.eval("__runner." + name) for name in ("start", "done", "report", "logs")}
    context.eval("delete globalThis.__prelude; delete globalThis.__runner")
    return execute(context, step, request)


def execute(context: Any, step: Any, request: Any) -> Any:
    """Start the code and drain its jobs until it is done, stuck, or out of its limits."""
    limit = time.monotonic() + request["seconds"]
    context.set_time_limit(request["seconds"])
    try:
        step["start"](json.dumps(request["code"]), request["eachItem"])
        while not step["done"]() and context.execute_pending_job():
            left = limit - time.monotonic()
            if left <= 0:
                return ended(context, step, limit="time")
            context.set_time_limit(left)
        if not step["done"]():
            return ended(context, step, error={"message": "It waits for something that never happens.", "stack": ""})
        return json.loads(step["report"]())
    except _quickjs.StackOverflow as error:
        return ended(
            context, step, error={"message": "RangeError: Maximum call stack size exceeded", "stack": str(error)}
        )
    except _quickjs.JSException as error:
        text = str(error)
        if "InternalError: interrupted" in text:
            return ended(context, step, limit="time")
        if text.strip() in ("null", "InternalError: out of memory"):
            return ended(context, step, limit="memory")
        return ended(context, step, error={"message": text.split("\n    at ")[0].strip(), "stack": text})


def ended(context: Any, step: Any, limit: Any = None, error: Any = None) -> Any:
    """Return the answer for code that did not end by itself, with what it had logged where that can still be read."""
    context.set_time_limit(1)
    try:
        kept = json.loads(step["logs"]())
    except _quickjs.JSException:
        kept = {"logs": [], "dropped": 0}
    return {"done": False, "json": None, "error": error, "limit": limit, **kept}


def main() -> None:
    """Take the two sources, then serve requests until the parent is gone."""
    lock_down()
    sources = read_frame()
    while sources is not None:
        request = read_frame()
        if request is None:
            return
        try:
            answer = run(sources["prelude"], sources["runner"], request)
        except MemoryError:
            answer = {"done": False, "json": None, "error": None, "limit": "memory", "logs": [], "dropped": 0}
        write_frame(answer)


if __name__ == "__main__":
    main()
