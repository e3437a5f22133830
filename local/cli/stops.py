"""What `stepweave debug` does at stops: follows the run, shows what waits, and does what is typed."""

import asyncio
import json
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from local.cli import running
from local.cli.commands import HELP, Command, Wrong, breakpoint_of, edited, parsed, read_lines
from local.client.live import END_TYPES, events
from local.client.rest import ApiError, Client, Unreachable
from stepweave.model.events import Event

_SHOWN: Final = 3
"""Items that are shown of each port at a stop; `print` shows all."""
_WHY: Final = {"node": "breakpoint", "edge": "breakpoint on the connection", "step": "step", "error": "it failed"}
_LETS: Final = {
    "step": "it runs, and stops at the next",
    "run": "it runs on",
    "skip": "it is skipped",
    "fail": "it fails",
}
_OVER: Final = ("stop_ended", "stop_gone", "not_found")
_END_TRIES: Final = 50
_END_SECONDS: Final = 0.2


class Ended(Exception):
    """Somebody wants no more of the run. With `cancel` it is ended, else left waiting; `status` is the command's."""

    def __init__(self, *, cancel: bool, why: str, status: int | None = None) -> None:
        super().__init__(why)
        self.cancel, self.status = cancel, status


@dataclass
class Session:
    """A debug run that is followed, and what is typed."""

    client: Client
    id: str
    names: dict[str, str]
    say: Callable[[str], None]
    is_terminal: bool
    wants: dict[str, Any]
    """Breakpoints, and what else `DebugRequest` has."""
    waiting: dict[str, Event] = field(default_factory=dict)
    """What waits, by the stop's id, the first one first."""
    picked: str | None = None
    """The stop that was picked of several."""
    asked: str | None = None
    """The stop that was shown last."""
    typed: deque[str | None] = field(default_factory=deque)
    edits: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was set at stops, by port."""
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What came in at stops, by port."""
    prompted: bool = False

    def tell(self, text: str) -> None:
        """Tell the person something, on lines of its own."""
        if self.prompted:
            print(file=sys.stderr)
        self.prompted = False
        self.say(text)

    async def follow(self, fd: int | None) -> None:
        """Follow the run to its end, and do what is typed. Raises Ended, ApiError, Unreachable."""
        queue: asyncio.Queue[Event | Exception | tuple[str | None]] = asyncio.Queue()
        read_lines(fd, lambda line: queue.put_nowait((line,)))
        listening = asyncio.create_task(self._listen(queue))
        try:
            while True:
                await self._act()
                found = await queue.get()
                if isinstance(found, Exception):
                    raise found
                if isinstance(found, tuple):
                    self.typed.append(found[0])
                elif self._saw(found):
                    return
        finally:
            listening.cancel()

    async def _listen(self, queue: asyncio.Queue[Any]) -> None:
        try:
            async for event in events(self.client, self.id):
                queue.put_nowait(event)
        except (ApiError, Unreachable, RuntimeError) as error:
            queue.put_nowait(error if not isinstance(error, RuntimeError) else Unreachable(str(error)))

    def _saw(self, event: Event) -> bool:
        """Take up an event; return whether it is the last."""
        stop: dict[str, Any] = event.get("stop", {})
        if event["type"] == "node.stopped":
            self.waiting[stop["id"]] = event
        elif event["type"] == "node.released":
            if self.waiting.pop(stop["id"], None) is not None:
                self.tell(
                    f"{stop.get('by', 'Somebody')} was first at {self._name(event)!r}: {_LETS.get(stop['action'], '')}."
                )
        else:
            self.tell(running.line(event, self.names))
        return event["type"] in END_TYPES

    async def _act(self) -> None:
        """Show what waits, and do what was typed, for as long as there is both."""
        while True:
            stop_id = self.picked if self.picked in self.waiting else next(iter(self.waiting), None)
            if stop_id is None:
                # What comes out of a pipe is for the next stop; who sits at a terminal is answered.
                if self.is_terminal and self.typed:
                    await self._do(self.typed.popleft(), None)
                    continue
                return
            if stop_id != self.asked:
                self.asked = stop_id
                await self._show(stop_id)
            if not self.typed:
                if self.is_terminal and not self.prompted:
                    print("stepweave> ", end="", file=sys.stderr, flush=True)
                    self.prompted = True
                return
            self.prompted = False  # the line that was typed has ended it
            await self._do(self.typed.popleft(), stop_id)

    async def _show(self, stop_id: str) -> None:
        event = self.waiting[stop_id]
        self.tell(f"Stopped {self._where(event)}")
        if "error" in event["stop"]:
            self.tell(f"  {event['stop']['error'].get('type', '')}: {event['stop']['error'].get('message', '')}")
        try:
            self.inputs[stop_id] = (await self.client.get(f"/executions/{self.id}/stops/{stop_id}"))["inputs"]
        except ApiError as error:
            self.tell(f"  What goes in cannot be shown. {error}")
        else:
            self._print(stop_id, most=_SHOWN)
        if not self.is_terminal and not self.typed:
            self.tell("Waits for a command on stdin: step, continue, print, set, skip, quit, help.")

    def _where(self, event: Event) -> str:
        stop = event["stop"]
        why = [_WHY.get(stop.get("reason", "node"), "stop")]
        if event.get("iteration"):
            why.append("round " + ".".join(str(int(part) + 1) for part in event["iteration"].split(".")))
        if stop.get("problem"):
            why.append(f"the condition failed: {stop['problem']}")
        elif stop.get("item") is not None:
            why.append(f"the condition holds for item {stop['item'] + 1}")
        place = "after" if stop.get("reason") == "error" else "before"
        return f"{place} {self._name(event)!r} ({', '.join(why)})"

    def _name(self, event: Event) -> str:
        return self.names.get(event.get("nodeId", ""), event.get("nodeId", ""))

    def _print(self, stop_id: str, most: int | None = None) -> None:
        for port, came_in in self.inputs.get(stop_id, {}).items():
            items = self.edits.get(stop_id, {}).get(port, came_in)
            changed = ", changed" if port in self.edits.get(stop_id, {}) else ""
            self.tell(f"  {port}: {len(items):,} item{'' if len(items) == 1 else 's'}{changed}")
            for at, item in enumerate(items[:most]):
                files = f"  + files {', '.join(item['binary'])}" if item.get("binary") else ""
                self.tell(f"  {at + 1:>3}  {json.dumps(item['json'], ensure_ascii=False)}{files}")
            if most is not None and len(items) > most:
                self.tell(f"       and {len(items) - most:,} more: `print` shows all")

    async def _do(self, line: str | None, stop_id: str | None) -> None:
        """Do what a line says. Raises Ended."""
        if line is None:
            raise Ended(cancel=True, why="No more commands come.")
        if not self.is_terminal:
            self.tell(f"> {line}")
        try:
            command = parsed(line)
            if command is not None:
                await self._obey(command, stop_id)
        except (Wrong, ApiError) as error:
            if not self.is_terminal:
                # What follows was written for what this was to do.
                raise Ended(cancel=True, why=str(error), status=2) from error
            self.tell(str(error))

    async def _obey(self, command: Command, stop_id: str | None) -> None:
        if command.name == "help":
            self.tell(HELP)
        elif command.name == "quit":
            raise Ended(cancel=True, why="The run is to end.")
        elif command.name == "detach":
            url = f"{self.client.url}/executions/{self.id}"
            raise Ended(cancel=False, why=f"It goes on without you, and waits where it stops: {url}")
        elif command.name in ("break", "clear"):
            await self._set_breakpoints(command)
        elif stop_id is None:
            raise Wrong("Nothing waits now. `quit` ends the run.")
        else:
            await self._at_stop(command, stop_id)

    async def _at_stop(self, command: Command, stop_id: str) -> None:
        if command.name == "stops":
            for at, event in enumerate(self.waiting.values()):
                self.tell(f"{'*' if event['stop']['id'] == stop_id else ' '} {at + 1}  {self._where(event)}")
        elif command.name == "at":
            self.picked = self._nth(command.rest)
            self.asked = None
        elif command.name == "print":
            await self._evaluate(command.rest, stop_id) if command.rest else self._print(stop_id)
        elif command.name == "set":
            put = edited(command.rest, self.inputs.get(stop_id, {}), self.edits.get(stop_id, {}))
            self.edits[stop_id] = put
            self._print(stop_id, most=_SHOWN)
        elif command.name == "reset":
            self.edits.pop(stop_id, None)
            self._print(stop_id, most=_SHOWN)
        else:
            await self._let_go(command.name, stop_id)

    def _nth(self, text: str) -> str:
        ids = list(self.waiting)
        if not text.isdecimal() or not 1 <= int(text) <= len(ids):
            raise Wrong(f"`at` needs the number of a stop, from 1 to {len(ids)}; `stops` lists them.")
        return ids[int(text) - 1]

    async def _let_go(self, action: str, stop_id: str) -> None:
        if action == "fail" and self.waiting[stop_id]["stop"].get("reason") != "error":
            raise Wrong("Nothing has failed here: `fail` is for stops after a failure.")
        body: dict[str, Any] = {"action": action}
        if action != "fail" and stop_id in self.edits:
            body["items"] = self.edits[stop_id]
        try:
            await self.client.post(f"/executions/{self.id}/stops/{stop_id}/go-on", body)
        except ApiError as error:
            if error.code not in _OVER:
                raise
            self.tell(str(error))
        self.waiting.pop(stop_id, None)

    async def _evaluate(self, text: str, stop_id: str) -> None:
        index = self.waiting[stop_id]["stop"].get("item") or 0
        body: dict[str, Any] = {"text": text if "{{" in text else f"{{{{ {text} }}}}", "index": index}
        if stop_id in self.edits:
            body["items"] = self.edits[stop_id]
        found = await self.client.post(f"/executions/{self.id}/stops/{stop_id}/evaluate", body)
        if found["error"] is not None:
            raise Wrong(found["error"]["message"])
        self.tell(f"  {json.dumps(found['value'], ensure_ascii=False, indent=2)}")

    async def _set_breakpoints(self, command: Command) -> None:
        one = breakpoint_of(command.rest, self.names)
        others = [known for known in self.wants["breakpoints"] if known["nodeId"] != one["nodeId"]]
        if command.name == "clear" and len(others) == len(self.wants["breakpoints"]):
            raise Wrong(f"There is no breakpoint at {self.names[one['nodeId']]!r}.")
        wanted = others if command.name == "clear" else [*others, one]
        await self.client.put(f"/executions/{self.id}/stops", {"breakpoints": wanted})
        self.wants["breakpoints"] = wanted

    async def cancel(self, *, until_over: bool = True) -> None:
        """End the run, or say what goes on; it may have ended already. Wait for its end, unless told not to."""
        path = f"/executions/{self.id}"
        try:
            await self.client.post(f"{path}/cancel")
            for _ in range(_END_TRIES if until_over else 0):
                if (await self.client.get(path))["status"] not in ("queued", "running"):
                    break
                await asyncio.sleep(_END_SECONDS)
        except (ApiError, Unreachable) as error:
            if isinstance(error, ApiError) and error.code == "already_ended":
                return
            self.tell(
                f"The run could not be cancelled. It goes on: {self.client.url}{path}\n"
                f"A stop that nobody ends within {self.wants['stopSeconds'] // 60} minutes ends it. {error}"
            )
        else:
            self.tell("The run is cancelled.")
