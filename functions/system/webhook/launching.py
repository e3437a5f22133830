"""Launches an execution from a call: now, by the starter, or when its turn comes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from stepweave.aws import AwsError
from stepweave.runtime.ending import End
from stepweave.runtime.errors import EventDeliveryError, NodeError
from stepweave.runtime.starting import Launch, Start, StillRunning, finish, run, start
from stepweave_data.no_room import NoRoom
from stepweave_data.telemetry import logger

MOST_HANDED_OVER: Final = 200_000
"""Bytes of a start request for the starter function; an asynchronous invocation takes 256 KB (AWS Lambda quotas)."""


class Turns(Protocol):
    """Lets in executions that may have to wait. As `stepweave_data.turns.Turns`; raises Unavailable."""

    def admit(self, request: dict[str, Any]) -> bool:
        """Whether an execution may start now; else it waits for its turn. Raises NoRoom."""

    def release(self, request: dict[str, Any]) -> None:
        """Take back an execution that was let in and did not start."""


@dataclass(frozen=True)
class Launcher:
    """Launches executions. `hand_over` gives the starter a start request and does not wait; it raises AwsError."""

    launch: Launch
    hand_over: Callable[[dict[str, Any]], None]
    turns: Turns
    seconds: float
    """How long an Express execution may take here."""
    counted: Callable[[str], bool] = lambda _: False
    """Whether the starts of a tenant are counted: its plan has limits."""
    refused: Callable[[str, NoRoom], None] = lambda _, __: None
    """Is told where there was no room."""

    def __call__(self, it: Start) -> End | None:
        """Start, or queue where the workflow or the plan has a limit; return the end where it is known already.

        Raises:
            StartFailed, AwsError, NodeError, NoRoom, Unavailable: nothing was started.
        """
        if not it.target.concurrency and not self.counted(it.target.tenant_id):
            return self._run(it)
        try:
            admitted = self.turns.admit(it.to_json())
        except NoRoom as error:
            self.refused(it.target.tenant_id, error)
            raise
        if not admitted:
            return None
        try:
            return self._run(replace(it, admitted=True))
        except (NodeError, AwsError):
            self.turns.release(it.to_json())
            raise

    def _run(self, it: Start) -> End | None:
        """Start; an Express execution runs here to its end, unless nobody waits for it."""
        if it.target.machine_type == "standard":
            start(it, self.launch)
            return None
        if not it.awaited and len(json.dumps(request := it.to_json())) < MOST_HANDED_OVER:
            self.hand_over(request)
            return None
        try:
            started, end = run(it, seconds=self.seconds, launch=self.launch)
        except StillRunning:
            return None
        try:
            finish(started.context, end, launch=self.launch)
        except EventDeliveryError as error:
            # The workflow ran: its caller gets the answer, and the sweeper ends its history.
            logger().error("an execution's end could not be told", error=str(error))
        return end
