"""Request bodies: JSON that every part behind can hold. What is refused here would break Postgres or an answer later.

Python's reader takes more than JSON has (NaN, 1e999), and JSON can say what jsonb and UTF-8 cannot hold (NUL, half of a
surrogate pair). Answers are refused by pydantic from a nesting of 255 on.
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any, Final, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

from api.errors import BodyRefused

MOST_DEPTH: Final = 100
"""Nesting of objects and lists. A workflow document itself has 6; a parameter hardly has 10."""
_NOT_JSON: Final = "not JSON; send JSON in UTF-8 with content-type application/json"


class JsonRequest(Request):
    """A request whose JSON body is strict."""

    async def json(self) -> Any:
        """Return the body's data.

        Raises:
            BodyRefused: 400 `invalid_json`, where it is no JSON, or JSON that cannot be stored.
        """
        return read(await self.body())


class JsonRoute(APIRoute):
    """A route that reads its body as `JsonRequest` does."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handle(JsonRequest(request.scope, request.receive))

        return strictly


def read(body: bytes) -> Any:
    """Return the data of a JSON text. Raises BodyRefused."""
    try:
        data = json.loads(body.decode(), parse_constant=_constant, parse_float=_number)
    except UnicodeDecodeError as error:
        raise _refused(f"{_NOT_JSON} (byte {error.start} is no UTF-8)") from None
    except json.JSONDecodeError as error:
        raise _refused(f"{_NOT_JSON} (line {error.lineno}, column {error.colno}: {error.msg})") from None
    except RecursionError:
        raise _refused(f"nested more than {MOST_DEPTH} deep") from None
    except ValueError as error:
        raise _refused(str(error)) from None
    _check(data, text=b"\\u" in body)
    return data


def _check(data: Any, *, text: bool) -> None:
    """Refuse too much nesting, and, where `text`, characters that cannot be stored. Raises BodyRefused."""
    level = [data]
    for _ in range(MOST_DEPTH + 1):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below += value.values()
                if text:
                    below += value
            elif isinstance(value, list):
                below += value
            elif text and isinstance(value, str):
                _storable(value)
        level = below
        if not level:
            return
    raise _refused(f"nested more than {MOST_DEPTH} deep")


def _storable(value: str) -> None:
    if "\x00" in value:
        raise _refused("holding a NUL character, which cannot be stored")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _refused("holding half of a surrogate pair, which is no character") from None


def _constant(name: str) -> NoReturn:
    raise ValueError(f"holding {name}, which is no JSON")


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"holding {text[:40]}, which is larger than a number can be")
    return number


def _refused(why: str) -> BodyRefused:
    return BodyRefused(400, "invalid_json", f"The body is {why}.")
