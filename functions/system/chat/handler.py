"""Lambda handler of `ANY /chat/{tenant}/{path+}` (HTTP API, payload 2.0)."""

import os
from functools import cache
from typing import Any

from functions.system.chat.access import Access
from functions.system.chat.pages import refused
from functions.system.chat.serving import MARK, Chats
from functions.system.chat.talking import Talks
from stepweave.aws import Aws
from stepweave.aws.secrets import secret
from stepweave.runtime.callbacks import SECRET
from stepweave.runtime.credentials import Vault, vault_function
from stepweave.runtime.events import queue_sender
from stepweave_data import variables
from stepweave_data.history.live import connect
from stepweave_data.hooks.page_places import CHAT
from stepweave_data.hooks.page_targets import Targets, from_database
from stepweave_data.hooks.requests import headers_of
from stepweave_data.hooks.serving import answer_to
from stepweave_data.hooks.starting import Starter
from stepweave_data.hooks.visitors import plain
from stepweave_data.link import Link
from stepweave_data.redis_link import redis_url
from stepweave_data.telemetry import observed
from stepweave_data.turns import Turns


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Serve one request."""
    return answer_to(
        event,
        lambda request: chats().serve(request),
        "The chat",
        CHAT.room,
        lambda answer: told(event, answer),
    )


def told(event: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Return a refusal that came before the request was read, or a mistake of ours: a page where people asked."""
    asks_page = MARK not in event.get("rawPath", "") and event["requestContext"]["http"]["method"] in ("GET", "HEAD")
    return refused(answer, plain(headers_of(event))) if asks_page else answer


@cache
def chats() -> Chats:
    """Return this worker's."""
    link, client = Link(), connect(redis_url())
    access = Access(Vault(vault_function()), client, lambda: secret(SECRET))
    starter = Starter(variables.launch(lambda: link), hand_over, "chat", Turns(link))
    talks = Talks(link, access, starter, client, Aws.shared().machines, queue_sender())
    app = os.environ.get("STEPWEAVE_PUBLIC_URL", "").rstrip("/")
    return Chats(Targets(CHAT, client, from_database(link)), access, talks, lambda: secret(SECRET), app)


def hand_over(request: dict[str, Any]) -> None:
    """Give the starter function a start request. Raises AwsError."""
    Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)
