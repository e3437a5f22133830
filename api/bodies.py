"""Request bodies: JSON that every part behind can hold. What is refused here would break Postgres or an answer later.

What is refused is said by `stepweave.model.json_text`, the rule of every door; NUL too, which Postgres cannot keep.
Answers are refused by pydantic from a nesting of 255 on.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute

from api import codes
from api.errors import BodyRefused
from stepweave.model import json_text
from stepweave.model.json_text import JsonInvalid

MOST_DEPTH: Final = 100
"""Nesting of objects and lists. A workflow document itself has 6; a parameter hardly has 10."""


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
        return json_text.read(body, most_depth=MOST_DEPTH, nul=False)
    except JsonInvalid as error:
        how = "; send JSON in UTF-8 with content-type application/json" if error.syntax else ""
        raise BodyRefused(codes.INVALID_JSON, f"The body is {error}{how}.") from None
