"""Makes a repository's webhook, reads what it sends, and deletes it (docs.github.com/en/rest/repos/webhooks)."""

import secrets
from typing import Any, Final

from functions.nodes.apps.github.spec import APP
from functions.nodes.apps.github.triggers.events.errors import RepositoryMissing
from functions.nodes.apps.github.triggers.events.spec import EVERYTHING
from stepweave.runtime.asks import Asked
from stepweave.runtime.http.operations import asking
from stepweave.runtime.http_errors import HttpClientError
from stepweave.runtime.receiving import Call, answer, happened, refuse
from stepweave.spec.operations import LinkHeader, RequestSpec

SIGNATURE: Final = "x-hub-signature-256"
MISSING: Final = 404
_HOOKS: Final = "/repos/{owner}/{repository}/hooks"
_MAKE: Final = RequestSpec(
    "POST",
    _HOOKS,
    body={
        "name": "web",
        "active": True,
        "events": "{events}",
        "config": {"url": "{address}", "content_type": "json", "secret": "{secret}", "insecure_ssl": "0"},
    },
)
_LIST: Final = RequestSpec("GET", _HOOKS)
_DELETE: Final = RequestSpec("DELETE", f"{_HOOKS}/{{id}}")


def activate(asked: Asked) -> dict[str, Any]:
    """Make the webhook. Return its id and its secret."""
    secret = secrets.token_hex(32)
    made = _ask(asked, _MAKE, events=_events(asked), address=asked.given["address"], secret=secret)
    return {"id": made["id"], "secret": secret}


def deactivate(asked: Asked) -> None:
    """Delete the webhook; it is found by its address where its id is not known. One that is gone is fine."""
    kept = asked.given.get("kept") or {}
    for id in [kept["id"]] if "id" in kept else _ids_at(asked, asked.given["address"]):
        try:
            _ask(asked, _DELETE, id=id)
        except RepositoryMissing:
            continue


def receive(asked: Asked) -> dict[str, Any]:
    """Return the item of a delivery that GitHub signed."""
    call = Call.of(asked)
    if call.method != "POST":
        return refuse("GitHub delivers with POST.", 405)
    if not call.is_signed(call.kept.get("secret", ""), SIGNATURE, prefix="sha256="):
        return refuse("The signature is missing or wrong.")
    event, payload = call.headers.get("x-github-event", ""), call.json()
    if event == "ping":
        return answer(200, {"pong": True})
    wanted = _events(asked)
    if not isinstance(payload, dict) or (event not in wanted and EVERYTHING not in wanted):
        return happened([])
    delivery = call.headers.get("x-github-delivery", "")
    item = {"event": event, "action": payload.get("action"), "delivery": delivery, "payload": payload}
    return happened([item], delivery)


def _ids_at(asked: Asked, address: str) -> list[int]:
    try:
        pages = _request(asked, _LIST).pages(LinkHeader(size_query="per_page", size=100), "", None)
        hooks = [hook for page in pages for hook in page]
    except HttpClientError as error:
        if error.details.get("status") == MISSING:
            return []
        raise
    return [hook["id"] for hook in hooks if hook.get("config", {}).get("url") == address]


def _events(asked: Asked) -> list[str]:
    rows: list[dict[str, str]] = asked.param("events") or []
    found = list(dict.fromkeys(row["event"] for row in rows))
    return [EVERYTHING] if EVERYTHING in found else found


def _ask(asked: Asked, request: RequestSpec, **values: Any) -> Any:
    try:
        return _request(asked, request, **values).answer().body
    except HttpClientError as error:
        if error.details.get("status") != MISSING:
            raise
        name = f"{asked.param('owner')}/{asked.param('repository')}"
        raise RepositoryMissing(
            f"GitHub knows no repository {name}, or the token may not change its webhooks.",
            "Check owner and repository, and give the token the permission Webhooks (classic: admin:repo_hook).",
            details={"field": "params.repository"},
        ) from None


def _request(asked: Asked, request: RequestSpec, **values: Any) -> Any:
    return asking(APP, asked, asked.param("credential") or "", request, {**asked.params, **values})
