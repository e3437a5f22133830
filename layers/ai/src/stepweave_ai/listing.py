"""Which models an account has, for the editor to choose from: asked with the platform's HTTP client, without an SDK.

Bedrock's are asked through botocore, as its requests are signed.
"""

import time
from typing import Any, Final

from stepweave.runtime.asks import Asked
from stepweave.runtime.http.client import send
from stepweave.runtime.http.reading import Arrived
from stepweave.runtime.http.request import Headers, Request, authenticated
from stepweave.runtime.http.url import target_of
from stepweave.runtime.options import Option, Options, Wanted
from stepweave.spec.models import MODEL_CREDENTIALS
from stepweave_ai.accounts import Account, account_of

_MOST_MB: Final = 20
MARKS: Final = {
    "moderation": ("moderation", "guard"),
    "embeddings": ("embed",),
    "transcription": ("whisper", "transcribe"),
    "images": ("image", "dall-e", "flux", "stable-diffusion"),
}
"""In names of models that do something else than to chat."""
_NO_CHAT: Final = (
    "whisper",
    "tts",
    "dall-e",
    "moderation",
    "transcribe",
    "gpt-image",
    "sora",
    "embed",
    "rerank",
    "image",
)
"""In names of models that do not chat: OpenAI lists all that it has, and does not say what each is for."""


def models(asked: Asked, wanted: Wanted, what: str = "chat") -> Options:
    """Return the models of the node's `credential`, the newest first where the provider tells.

    Args:
        asked: what is asked.
        wanted: what the editor has of it.
        what: they are for: `chat`, or a name in `MARKS`. All are offered where no name says that it is.

    Raises:
        NodeError: what `HTTP_ERRORS` names, CredentialMissing; what `bedrock_models.models` raises.
    """
    id = str(asked.param("credential") or "")
    type, data = asked.credential_of(id, MODEL_CREDENTIALS)
    account = account_of(type, data)
    if type == "bedrock":
        return Options(_of_bedrock(account, asked.remaining(), what))
    authentication = asked.authentication(id, MODEL_CREDENTIALS)
    path = "/v1/models" if type == "anthropic" else "/models"
    query = [("limit", "1000")] if type == "anthropic" else []
    headers = Headers({"accept": ["application/json"], "user-agent": ["Stepweave/1"]})
    request = authenticated(
        Request("GET", target_of(account.base_url + path, query), headers, None, frozenset()),
        authentication,
        "params.credential",
    )
    deadline = time.monotonic() + asked.remaining()
    response, came_from = send(request, deadline=deadline, follow_redirects=False)
    with Arrived(response, came_from, deadline, "GET") as arrived:
        if arrived.status >= 400:
            raise arrived.refusal()
        found = arrived.json(arrived.content(_MOST_MB))
    listed = found.get("data") if isinstance(found, dict) else None
    rows = [row for row in listed or () if isinstance(row, dict) and isinstance(row.get("id"), str)]
    rows.sort(key=_age)
    return Options([_option(row) for row in rows if _chats(row["id"])] if what == "chat" else _marked(rows, what))


def _of_bedrock(account: Account, seconds: float, what: str) -> list[Option]:
    from stepweave_ai import bedrock_models  # with botocore, which the others do without

    if what == "chat":
        return [option for option in bedrock_models.models(account, seconds) if _chats(option.value)]
    found = bedrock_models.models(account, seconds, gives="EMBEDDING")
    return [option for option in found if any(mark in option.value for mark in MARKS[what])]


def _age(row: dict[str, Any]) -> tuple[float, str]:
    created = row.get("created")
    return (-created if isinstance(created, int | float) else 0.0, row["id"])


def _option(row: dict[str, Any]) -> Option:
    name = row.get("display_name") or row.get("name")
    return Option(row["id"], detail=name if isinstance(name, str) and name != row["id"] else "")


def _marked(rows: list[dict[str, Any]], what: str) -> list[Option]:
    found = [row for row in rows if any(mark in row["id"].lower() for mark in MARKS[what])]
    return [_option(row) for row in found or rows]


def _chats(id: str) -> bool:
    return not any(mark in id for mark in _NO_CHAT)
