"""The live side: an execution's events in order, each once, resuming after a lost connection."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from local.client.rest import ApiError, Client
from stepweave.model.events import Event

END_TYPES: Final = frozenset(("execution.succeeded", "execution.failed", "execution.cancelled", "execution.timed_out"))
RECONNECT_SECONDS: Final = 0.5
ASK_SECONDS: Final = 0.3
NOT_YET_TRIES: Final = 40
NOT_FOUND: Final = 404
TOO_MANY: Final = 429
RENEW_SECONDS: Final = 25.0
"""After so long without a message one subscribes again: a subscription is a lease, and what was lost comes then."""


@asynccontextmanager
async def connection(client: Client) -> AsyncIterator[ClientConnection]:
    """Open one ticketed WebSocket to the stack's `/live`."""
    ticket = await client.post("/live/ticket")
    url = client.url.replace("http", "ws", 1) + "/live?" + urlencode({"ticket": ticket["ticket"]})
    async with connect(url, proxy=None, max_size=256 * 1024) as socket:
        yield socket


async def subscribe(socket: ClientConnection, channel: str, after: int = 0) -> None:
    """Ask for a channel's messages; `after` is the last sequence number one has."""
    await socket.send(json.dumps({"action": "subscribe", "channel": channel, "after": after}))


async def received(socket: ClientConnection) -> dict[str, Any] | None:
    """Return the next message, or None after a silence: then it is time to subscribe again. Raises ConnectionClosed."""
    try:
        message: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), RENEW_SECONDS))
    except TimeoutError:
        return None
    return message


async def next_execution(socket: ClientConnection, channel: str) -> str:
    """Wait for the next execution that starts on a `workflow:` channel and return its id. Raises ConnectionClosed."""
    while True:
        message = await received(socket)
        if message is None:
            await subscribe(socket, channel)
        elif message["type"] == "error":
            raise RuntimeError(f"{message.get('code')}: {message.get('message')}")
        elif message["type"] == "execution" and message["channel"] == channel:
            found: str = message["execution"]["id"]
            return found


async def events(client: Client, execution_id: str) -> AsyncIterator[Event]:
    """Yield an execution's events in order, from the first to its end, reconnecting where the connection breaks.

    A key has no session, which live connections are for: it asks for what is new. Raises ApiError, Unreachable.
    """
    if client.has_key:
        async for event in _asked_for(client, execution_id):
            yield event
        return
    channel, last = f"execution:{execution_id}", 0
    while True:
        try:
            async with connection(client) as socket:
                await subscribe(socket, channel, last)
                while True:
                    message = await received(socket)
                    gap = message is None
                    for event in _fresh(message, last) if message else ():
                        gap = event["seq"] != last + 1
                        if gap:
                            break
                        last = event["seq"]
                        yield event
                        if event["type"] in END_TYPES:
                            return
                    if gap:
                        await subscribe(socket, channel, last)
        except (ConnectionClosed, OSError):
            await asyncio.sleep(RECONNECT_SECONDS)


async def _asked_for(client: Client, execution_id: str) -> AsyncIterator[Event]:
    last, tries = 0, 0
    while True:
        try:
            page = (await client.get(f"/executions/{execution_id}/events", after=last))["items"]
        except ApiError as error:
            tries += 1
            # One that was just started may not be written yet; who asks too often waits.
            if error.status not in (NOT_FOUND, TOO_MANY) or tries > NOT_YET_TRIES:
                raise
            page = []
        for event in page:
            last, tries = event["seq"], 0
            yield event
            if event["type"] in END_TYPES:
                return
        if not page:
            await asyncio.sleep(ASK_SECONDS)


def _fresh(message: dict[str, Any], last: int) -> list[Event]:
    if message["type"] == "error":
        raise RuntimeError(f"{message.get('code')}: {message.get('message')}")
    return [event for event in message.get("events", []) if event["seq"] > last]
