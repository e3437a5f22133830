"""How requests of the API are answered and refused, and how times are written."""

from datetime import datetime
from typing import Any

from ministack.core.responses import JSON_1_0_CONTENT_TYPE, error_response_json

from local.emulator.states.scopes import Json
from local.emulator.wire import dumps, encoded

Response = tuple[int, dict[str, str], bytes]


def accepted(payload: Json, status: int = 200) -> Response:
    """An answer with a payload."""
    return status, {"Content-Type": JSON_1_0_CONTENT_TYPE}, encoded(dumps(payload))


def refusal(code: str, message: str, status: int = 400) -> Response:
    """An answer that names an error."""
    response: Response = error_response_json(code, message, status)
    return response


class Refused(Exception):
    """A request that AWS refuses."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def epoch(moment: Any) -> Any:
    """A timestamp as the API answers it."""
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp() if isinstance(moment, str) else moment


def milliseconds(moment: str | None) -> int | None:
    """A timestamp as status events carry it."""
    return None if moment is None else int(epoch(moment) * 1000)
