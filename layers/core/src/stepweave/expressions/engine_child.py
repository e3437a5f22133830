"""The process in which expressions run that may have to be killed: contexts of the engine, and nothing else in reach.

Started and locked as `sandbox_child.py`, whose frames it speaks. The first frame is the prelude's source. Every request
is a frame `NAME CONTEXT` and one for each operand; every answer is a frame: `=` and text, `!` and what JavaScript
threw, or `?` where the context is not there (any more).
"""

import resource
import sys

sys.path += sys.argv[1:]
import _quickjs  # type: ignore[import-not-found,unused-ignore]  # found only now
import sandbox_child  # type: ignore[import-not-found,unused-ignore]
import system_calls  # type: ignore[import-not-found,unused-ignore]

OPERANDS = {"new": 2, "give": 2, "at": 2, "harden": 0, "compile": 1, "run": 2, "wanted": 0, "end": 0}
COMPUTING = ("compile", "run", "give")
MOST_CONTEXTS = 6
"""At a time; the one that was made first goes. Each may have 64 MB of the process's 768."""
SECONDS_OVER = 2
"""Whole seconds of the processor beyond an expression's own limit, then the kernel ends the process."""


class Context:
    """One engine."""

    def __init__(self, prelude: str) -> None:
        self.context = _quickjs.Context()
        self.context.set_max_stack_size(sandbox_child.STACK_BYTES)
        self.functions = self.context.eval(prelude)(True)
        self.pick = self.context.eval("(holder, name) => holder[name]")
        self.compiled: list[object] = []
        self.seconds = 1.0

    def call(self, name: str, *operands: object) -> object:
        """Call a function of the prelude."""
        return self.pick(self.functions, name)(*operands)

    def do(self, name: str, operands: "list[str]") -> str:
        """Do what was asked, and return the answer's text."""
        if name == "new":
            self.seconds = float(operands[0])
            self.context.set_memory_limit(int(operands[1]))
            self.context.set_time_limit(self.seconds)
        elif name == "at":
            self.call("at", int(operands[0]), operands[1] or None)
        elif name == "compile":
            self.compiled.append(self.call("compile", operands[0]))
            return str(len(self.compiled) - 1)
        elif name == "run":
            return str(self.call("run", self.compiled[int(operands[0])], operands[1] == "1"))
        else:
            return str(self.call(name, *operands))
        return ""


def allow_seconds(seconds: float) -> None:
    """Let the kernel end the process (SIGXCPU) where a built-in goes on past the limit that QuickJS keeps."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds) + SECONDS_OVER
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def answered(contexts: "dict[str, Context]", spare: "list[Context]", line: str) -> str:
    """Do one request and return its answer."""
    name, _, id = line.partition(" ")
    operands = [sandbox_child.read_frame() for _ in range(OPERANDS[name])]
    if name == "new":
        while len(contexts) >= MOST_CONTEXTS:
            del contexts[next(iter(contexts))]
        contexts[id] = spare.pop()
    if name == "end":
        contexts.pop(id, None)
        return "="
    if id not in contexts:
        return "?"
    if name in COMPUTING:
        allow_seconds(contexts[id].seconds)
    try:
        return "=" + contexts[id].do(name, operands)
    except (_quickjs.JSException, _quickjs.StackOverflow) as error:
        return f"!{error}"
    except MemoryError:
        return "!InternalError: out of memory"


def main() -> None:
    """Take the prelude, then serve requests until the parent is gone."""
    try:
        sandbox_child.lock_down()
    except system_calls.Unsupported:
        sandbox_child.posix._exit(sandbox_child.NOT_LOCKED)
    prelude = sandbox_child.read_frame()
    contexts: dict[str, Context] = {}
    spare: list[Context] = []
    while True:
        line = sandbox_child.read_frame()
        if line.startswith("new ") and not spare:
            spare.append(Context(prelude))
        sandbox_child.write_frame(answered(contexts, spare, line))
        if line.startswith("run ") and not spare:
            spare.append(Context(prelude))  # made ahead, while the parent goes on


if __name__ == "__main__":
    main()
