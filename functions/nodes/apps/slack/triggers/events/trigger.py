"""Reads what Slack tells the app: who it is from, and what it means (docs.slack.dev/apis/events-api).

Nothing is registered: a person writes the address into the app's settings.
"""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from functions.nodes.apps.slack.spec import APP
from functions.nodes.apps.slack.triggers.events.errors import SigningSecretMissing
from functions.nodes.apps.slack.triggers.events.spec import COMMAND, EVERYTHING, INTERACTION
from stepweave.runtime.asks import Asked
from stepweave.runtime.receiving import Call, answer, fingerprint, happened, refuse

WINDOW_SECONDS: Final = 300
"""A call that is older may be one that somebody kept (docs.slack.dev, "Verifying requests from Slack")."""
_CHANGES: Final = ("message_changed", "message_deleted", "message_replied")


def activate(asked: Asked) -> dict[str, Any]:
    """Look whether Slack's calls could be known. Raises SigningSecretMissing."""
    if not _secret(asked):
        raise SigningSecretMissing(
            "The credential has no signing secret.",
            "Enter it there: it stands under Basic Information of the app at api.slack.com/apps.",
            details={"field": "params.credential"},
        )
    return {}


def deactivate(asked: Asked) -> None:
    """Do nothing: the address stands in the app's settings, and is the same when it is published again."""


def receive(asked: Asked) -> dict[str, Any]:
    """Return the item of what Slack tells; it wants 200 for all that is fine."""
    call = Call.of(asked)
    if call.method != "POST":
        return refuse("Slack calls with POST.", 405)
    if not _is_signed(call, _secret(asked), time.time()):
        return refuse("The signature is missing, wrong, or older than five minutes.")
    if call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        item, delivery = _of_form(call.body.decode("utf-8", "replace"))
    else:
        told = call.json()
        told = told if isinstance(told, dict) else {}
        if told.get("type") == "url_verification":
            return answer(200, str(told.get("challenge", "")), {"content-type": "text/plain"})
        item, delivery = _of_event(told)
    if not item or not _is_wanted(asked, item):
        return answer(200)
    return happened([item], delivery) | answer(200)


def _of_event(told: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    event = told.get("event")
    if told.get("type") != "event_callback" or not isinstance(event, dict):
        return {}, ""
    id = str(told.get("event_id", ""))
    item = {"kind": str(event.get("type", "")), "teamId": told.get("team_id"), "eventId": id, "event": event}
    return item, id


def _of_form(body: str) -> tuple[dict[str, Any], str]:
    """Return what an interaction or a command says; nothing for a look whether somebody is there (`ssl_check`)."""
    fields = dict(parse_qsl(body, keep_blank_values=True))
    if "payload" in fields:
        try:
            told = json.loads(fields["payload"])
        except (ValueError, RecursionError):
            return {}, ""
        if not isinstance(told, dict):
            return {}, ""
        actions = told.get("actions")
        first = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
        item = {"kind": INTERACTION, "action": first.get("action_id"), "value": _value(first), **told}
        return item, fingerprint(str(told.get("trigger_id", "")), str(first.get("action_ts", "")), body)
    if "command" in fields:
        item = {"kind": COMMAND, **{name: value for name, value in fields.items() if name != "token"}}
        return item, fingerprint(fields.get("trigger_id", ""), body)
    return {}, ""


def _value(action: Mapping[str, Any]) -> Any:
    """Return what was chosen: a button's value, a menu's option, a date."""
    chosen = action.get("selected_option")
    if isinstance(chosen, dict):
        return chosen.get("value")
    names = ("value", "selected_user", "selected_channel", "selected_date", "selected_time")
    return next((action[name] for name in names if action.get(name) is not None), None)


def _is_wanted(asked: Asked, item: Mapping[str, Any]) -> bool:
    rows: list[dict[str, str]] = asked.param("events") or []
    wanted = {row["event"] for row in rows}
    if item["kind"] not in wanted and EVERYTHING not in wanted:
        return False
    event = item.get("event", item)
    if item["kind"] in ("message", "app_mention"):
        if event.get("subtype") in _CHANGES and not asked.param("changes"):
            return False
        message = event.get("message") if isinstance(event.get("message"), dict) else {}
        by_bot = event.get("subtype") == "bot_message" or event.get("bot_id") or message.get("bot_id")
        if by_bot and not asked.param("bots"):
            return False
    channels = [part.strip() for part in str(asked.param("channels") or "").split(",") if part.strip()]
    return not channels or _channel_of(event) in channels


def _channel_of(event: Mapping[str, Any]) -> str:
    place = event.get("channel") or event.get("channel_id") or event.get("item")
    if isinstance(place, dict):
        place = place.get("id") or place.get("channel")
    return str(place or "")


def _secret(asked: Asked) -> str:
    _, data = asked.credential_of(asked.param("credential") or "", APP.credentials)
    return str(data.get("signingSecret") or "")


def _is_signed(call: Call, secret: str, now: float) -> bool:
    moment, given = call.headers.get("x-slack-request-timestamp", ""), call.headers.get("x-slack-signature", "")
    if not secret or not re.fullmatch("[0-9]{1,12}", moment) or abs(now - int(moment)) > WINDOW_SECONDS:
        return False
    signed = f"v0:{moment}:".encode() + call.body
    wanted = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())
