"""Request bodies: JSON that every part behind can hold. What is refused here would break Postgres or an answer later.

What is refused is said by `stepweave.model.json_text`, the rule of every door; NUL too, which Postgres cannot keep.
Answers are refused by pydantic from a nesting of 255 on.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api import codes, repeating
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
    """A route that reads its body as `JsonRequest` does. One that takes none reads none, whatever is sent along."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler."""
        handle, takes_body = super().get_route_handler(), self.body_field is not None

        async def strictly(request: Request) -> Response:
            strict = JsonRequest(request.scope, request.receive)
            if takes_body:
                _check_type(strict)
            if strict.method == "POST" and repeating.HEADER in strict.headers:
                return await _once(strict, handle)
            return await handle(strict)

        return strictly


async def _once(request: JsonRequest, handle: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
    """Handle a request with an idempotency key; `deps.requires` claims it once it knows who asks."""
    request.state.asked = repeating.asked_of(request, await request.body())
    try:
        response = await handle(request)
    except BaseException:
        if held := _claim(request):
            await run_in_threadpool(held.release)
        raise
    if held := _claim(request):
        await run_in_threadpool(held.keep, response)
    return response


def _claim(request: Request) -> repeating.Claim | None:
    return getattr(request.state, "claim", None)


def _check_type(request: Request) -> None:
    """Raise BodyRefused (415) for a body that does not say that it is JSON: what forms of other sites send is none."""
    if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        return
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        words = f"The body's content type is {kind[:100] or 'not said'}; send JSON with content-type application/json."
        raise BodyRefused(codes.UNSUPPORTED_TYPE, words)


def read(body: bytes) -> Any:
    """Return the data of a JSON text. Raises BodyRefused."""
    try:
        return json_text.read(body, most_depth=MOST_DEPTH, nul=False)
    except JsonInvalid as error:
        how = "; send JSON in UTF-8 with content-type application/json" if error.syntax else ""
        raise BodyRefused(codes.INVALID_JSON, f"The body is {error}{how}.") from None
