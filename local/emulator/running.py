"""What the corrections share about the emulator that is running: its options, its event loop, its function
processes."""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from local.emulator.functions.host import FORKS, Host
from local.emulator.functions.model import Limits
from local.emulator.options import Options

T = TypeVar("T")
Json = dict[str, Any]


class Running:
    """The one running emulator."""

    options: Options
    loop: asyncio.AbstractEventLoop
    host: Host | None = None

    def open(self) -> None:
        """Called on the loop, before anything is served."""
        self.loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Future[Any]] = set()

    def start_functions(self) -> None:
        """Make the function processes ours."""
        options = self.options
        limits = Limits(usual=options.workers, most=options.workers_most, idle_seconds=options.idle_seconds)
        self.host = Host(options.lambda_python, options.state_dir / "code", limits, fork=FORKS and options.fork)

    def on_loop(self) -> bool:
        """Whether the caller runs on the event loop."""
        try:
            return asyncio.get_running_loop() is self.loop
        except RuntimeError:
            return False

    def soon(self, call: Callable[[], object]) -> None:
        """Run `call` on the loop, from any thread."""
        if self.on_loop():
            self.loop.call_soon(call)
        else:
            self.loop.call_soon_threadsafe(call)

    def spawn(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """Run a coroutine in the background, from any thread, in the caller's account and region."""
        context = contextvars.copy_context()

        def begin() -> None:
            task = self.loop.create_task(work(), context=context)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        if self.on_loop():
            begin()
        else:
            self.loop.call_soon_threadsafe(begin)

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop and wait for it, from another thread."""
        if self.on_loop():
            work.close()
            raise RuntimeError("the event loop may not wait for itself")
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()


running = Running()


def state_folder(name: str) -> Path:
    """A folder for `name` below the state directory."""
    folder = running.options.state_dir / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
