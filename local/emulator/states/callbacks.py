"""Callbacks: whoever holds a task's token answers it."""

import json
import time
from collections.abc import Callable

from local.emulator.states.answers import Response, accepted, refusal
from local.emulator.states.errors import StateError
from local.emulator.states.scopes import Json
from local.emulator.states.tasks import Pending, Tokens


class Callbacks:
    """The API's side of the tokens that tasks wait for."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def succeed(self, data: Json) -> Response:
        """SendTaskSuccess."""
        try:
            result = json.loads(data.get("output") or "")
        except ValueError:
            return refusal("InvalidOutput", "Invalid Output: the output is not JSON", 400)
        return self._answer(data, lambda pending: pending.answer.set_result(result))

    def fail(self, data: Json) -> Response:
        """SendTaskFailure."""
        error = StateError(data.get("error") or "States.TaskFailed", data.get("cause") or "")
        return self._answer(data, lambda pending: pending.answer.set_exception(error))

    def beat(self, data: Json) -> Response:
        """SendTaskHeartbeat."""

        def beat(pending: Pending) -> None:
            pending.beaten = time.monotonic()

        return self._answer(data, beat)

    def _answer(self, data: Json, act: Callable[[Pending], object]) -> Response:
        pending = self._tokens.find(data.get("taskToken", ""))
        if isinstance(pending, str):
            return refusal(pending, "Task Timed Out: 'Provided task does not exist anymore'", 400)
        act(pending)
        return accepted({})
