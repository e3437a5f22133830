"""The warm parent of the execution environments that have the same layers: it imports once, they are forked from it.

Runs under the functions' interpreter, as a script. It has one thread and opens nothing, so that a fork of it is whole;
`warm` tells the emulator when what it imported broke that. A message is one packet of JSON, a fork's with the two file
descriptors that the child keeps: its channel and its output.

A parent imports modules before it knows who will need them, so it must be as if each child had imported them itself:
it tells which variables were read meanwhile (only functions with the same values may come from it), and it refuses a
function whose own code has a module of the same name.
"""

import gc
import importlib.util
import json
import os
import socket
import sys
import time
import traceback
from contextlib import suppress
from types import ModuleType
from typing import Any, NoReturn

PACKET = 1 << 20
EVERYTHING = "*"
"""Stands for all variables, where an import has listed them."""


READ: set[str] = set()
"""The variables that imports have read."""


class Noted(os._Environ):  # type: ignore[type-arg]
    """An environment that notes which of its variables are read."""

    def __getitem__(self, key: Any) -> Any:
        READ.add(os.fsdecode(key) if isinstance(key, bytes) else key)  # `os.get_exec_path` asks for b"PATH"
        return super().__getitem__(key)

    def __iter__(self) -> Any:
        READ.add(EVERYTHING)
        return super().__iter__()


class Parent:
    """What this process has imported, and how it forks."""

    def __init__(self, control: socket.socket, lifeline: int, worker: ModuleType) -> None:
        self._control = control
        self._lifeline = lifeline
        self._worker = worker
        self._imported: set[str] = set()
        self._open = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - pathlib costs 10 ms to import

    def serve(self) -> None:
        """Do what is asked until the emulator closes the control channel."""
        while True:
            packet, descriptors, _, _ = socket.recv_fds(self._control, PACKET, 2, socket.MSG_CMSG_CLOEXEC)
            if not packet:
                return
            message = json.loads(packet)
            answer = getattr(self, message.pop("do"))(*descriptors, **message)
            self._control.send(json.dumps(answer).encode())

    def warm(self, modules: list[str], environment: dict[str, str]) -> dict[str, Any]:
        """Import what children are going to need, in the environment of one of them."""
        replace_environment(environment)
        before = set(sys.modules)
        os.environ.__class__ = Noted
        try:
            for name in modules:
                import_quietly(name)
        finally:
            os.environ.__class__ = os._Environ
        replace_environment({})
        self._imported |= {name.partition(".")[0] for name in set(sys.modules) - before}
        sys.stdout.flush()
        sys.stderr.flush()
        gc.collect()
        gc.freeze()
        return {"read": sorted(READ), "alone": self._is_alone()}

    def fork(
        self, channel: int, output: int, *, name: str, code: str, layers: list[str], environment: dict[str, str]
    ) -> dict[str, int | str]:
        """Fork an execution environment; its process id, or which module of its own it would not have got."""
        own = [folder for folder in (code, *self._worker.layer_paths(layers)) if folder not in sys.path]
        entries = [entry for folder in own for entry in os.listdir(folder)]  # noqa: PTH208
        hidden = {entry.partition(".")[0] for entry in entries} & self._imported
        pid = 0 if hidden else os.fork()
        if not hidden and pid == 0:
            self._become(channel, output, name, code, environment)
        os.close(channel)
        os.close(output)
        if hidden:
            return {"hidden": min(hidden)}
        with suppress(OSError):  # the child does the same: whoever comes first
            os.setpgid(pid, pid)
        return {"pid": pid}

    def bury(self, pid: int) -> dict[str, int]:
        """Wait for a child that has been killed; its exit status."""
        return {"status": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}

    def _is_alone(self) -> bool:
        """Whether a fork of this process is whole: no second thread, nothing opened."""
        threads, descriptors = len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        return threads == 1 and descriptors <= self._open

    def _become(self, channel: int, output: int, name: str, code: str, environment: dict[str, str]) -> NoReturn:
        status = 1
        try:
            self._control.close()
            os.setpgid(0, 0)
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.close(output)
            os.chdir(code)
            replace_environment(environment)
            time.tzset()
            name_process(name)
            gc.enable()
            self._worker.serve(channel, self._lifeline)
            status = 0
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)


def import_quietly(name: str) -> None:
    """Import a module; one that cannot be imported here is left to those who want it."""
    try:
        __import__(name)
    except BaseException:
        print(f"warm parent: {name} is left out\n{traceback.format_exc()}", file=sys.stderr)


def replace_environment(environment: dict[str, str]) -> None:
    """Make `environment` this process's own, for C code as well."""
    os.environ.clear()
    os.environ.update(environment)


def name_process(name: str) -> None:
    """Call this process by the end of its function's name, which `ps` and the memory benchmark show."""
    with suppress(OSError), open("/proc/self/comm", "w") as comm:  # noqa: PTH123 - pathlib costs 10 ms to import
        comm.write(name[-15:])


def load_worker() -> ModuleType:
    """The module beside this script, under a name that no function's module has."""
    path = f"{os.path.dirname(os.path.abspath(__file__))}/worker.py"  # noqa: PTH100, PTH120
    spec = importlib.util.spec_from_file_location("_stepweave_emulator_worker", path)
    assert spec is not None and spec.loader is not None  # noqa: S101, PT018 - narrows types
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Serve the control channel: `parent.py CONTROL LIFELINE CODE LAYER...`; no code is an empty argument."""
    gc.disable()  # a collection would touch, and so copy, what is shared
    control, lifeline = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    control.set_inheritable(False)
    os.set_inheritable(lifeline, False)
    worker = load_worker()
    del sys.path[0]  # the folder of this script, which is not the functions' business
    code, *layers = sys.argv[3:]
    sys.path[:0] = [*filter(None, [code]), *worker.layer_paths(layers)]
    del sys.argv[1:]
    Parent(control, lifeline, worker).serve()


if __name__ == "__main__":
    main()
