"""The Slack trigger: whose calls are believed, and what they mean (docs.slack.dev/apis/events-api)."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.nodes.apps.slack.triggers.events.spec import SPEC
from functions.nodes.apps.slack.triggers.events.trigger import activate, deactivate, receive
from tests.fakes.asks import AskBench

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
PARAMS = {"credential": "c", "events": [{"event": "message"}, {"event": "interaction"}, {"event": "command"}]}
MESSAGE = {"type": "message", "channel": "C1", "user": "U1", "text": "Hi", "ts": "1.5"}
FINE = {"answer": {"statusCode": 200, "headers": {}, "body": None}}


@pytest.fixture
def trigger() -> AskBench:
    made = AskBench(SPEC, {"activate": activate, "deactivate": deactivate, "receive": receive})
    made.outside.credentials["c", "slack_token"] = {"token": "xoxb-1", "signingSecret": SECRET}
    return made


def signed(body: bytes, moment: float, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), f"v0:{int(moment)}:".encode() + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": str(int(moment)), "x-slack-signature": f"v0={digest}"}


def told(
    trigger: AskBench, body: Any, *, headers: dict[str, str] | None = None, form: bool = False, **more: Any
) -> Any:
    raw = urlencode(body).encode() if form else json.dumps(body).encode()
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    return trigger(
        "receive",
        {**PARAMS, **more},
        address="https://stepweave.example/hooks/acme/~/a",
        method="POST",
        headers={"content-type": kind, **(signed(raw, time.time()) if headers is None else headers)},
        query={},
        rawBody=base64.b64encode(raw).decode(),
        kept={},
    )


def event(content: dict[str, Any], id: str = "Ev1") -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T1", "event_id": id, "event": content}


def test_a_credential_without_a_signing_secret_is_refused(trigger: AskBench) -> None:
    assert trigger("activate", PARAMS, address="a", test=False) == {}
    assert trigger("deactivate", PARAMS, address="a", kept=None, active="") is None
    trigger.outside.credentials["c", "slack_token"] = {"token": "xoxb-1"}
    error = trigger.error("activate", PARAMS, address="a", test=False)
    assert (error["type"], error["details"]["field"]) == ("SigningSecretMissing", "params.credential")
    assert told(trigger, event(MESSAGE))["refuse"]["status"] == 401


def test_the_challenge_is_answered(trigger: AskBench) -> None:  # n8n-io/n8n#19113, #14102, #12789
    answer = told(trigger, {"type": "url_verification", "challenge": "3eZbrw1a"})
    assert answer == {"answer": {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "3eZbrw1a"}}


def test_an_event_starts_with_its_id(trigger: AskBench) -> None:  # slackapi/python-slack-sdk#1487: delivered four times
    item = {"kind": "message", "teamId": "T1", "eventId": "Ev1", "event": MESSAGE}
    assert told(trigger, event(MESSAGE)) == {"items": [{"json": item}], "deliveryId": "Ev1", **FINE}


@pytest.mark.parametrize(
    ("body", "late", "secret"),
    [
        (b"other", 0, SECRET),
        (None, -301, SECRET),
        (None, 310, SECRET),
        (None, 0, "another secret"),
    ],
)
def test_what_is_not_slacks_or_too_old_is_refused(
    trigger: AskBench, body: bytes | None, late: int, secret: str
) -> None:
    headers = signed(body or json.dumps(event(MESSAGE)).encode(), time.time() + late, secret)
    assert told(trigger, event(MESSAGE), headers=headers)["refuse"]["status"] == 401


@pytest.mark.parametrize("headers", [{}, {"x-slack-request-timestamp": "now", "x-slack-signature": "v0=ü"}])
def test_what_is_not_signed_is_refused(trigger: AskBench, headers: dict[str, str]) -> None:
    assert told(trigger, event(MESSAGE), headers=headers)["refuse"]["status"] == 401


@pytest.mark.parametrize(
    "content",
    [
        {**MESSAGE, "bot_id": "B1"},
        {**MESSAGE, "subtype": "bot_message"},
        {**MESSAGE, "subtype": "message_changed", "message": {"text": "Hi!"}},
        {"type": "reaction_added", "item": {"channel": "C1"}},
    ],
)
def test_what_is_not_wanted_starts_nothing(trigger: AskBench, content: dict[str, Any]) -> None:
    # n8n-io/n8n#13758: a workflow that answers must not answer itself
    assert told(trigger, event(content)) == FINE


def test_bots_and_changes_start_where_they_are_wanted(trigger: AskBench) -> None:
    assert told(trigger, event({**MESSAGE, "bot_id": "B1"}), bots=True)["items"]
    assert told(trigger, event({**MESSAGE, "subtype": "message_deleted"}), changes=True)["items"]
    reaction = {"type": "reaction_added", "item": {"channel": "C2"}}
    assert told(trigger, event(reaction), events=[{"event": "*"}], channels="C2, C3")["items"]
    assert told(trigger, event(MESSAGE), channels="C2") == FINE


def test_a_button_tells_its_value(trigger: AskBench) -> None:
    payload = {
        "type": "block_actions",
        "trigger_id": "13345224609.738474920",
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "actions": [{"action_id": "button_0", "value": "yes:7", "action_ts": "1.5"}],
    }
    said = told(trigger, {"payload": json.dumps(payload)}, form=True, channels="C1")
    [item] = said["items"]
    found = item["json"]
    assert (found["kind"], found["action"], found["value"], found["user"]) == (
        "interaction",
        "button_0",
        "yes:7",
        {"id": "U1"},
    )
    assert len(said["deliveryId"]) == 64
    assert said["answer"] == FINE["answer"]
    again = told(trigger, {"payload": json.dumps(payload)}, form=True)
    assert again["deliveryId"] == said["deliveryId"]


def test_a_menu_tells_what_was_chosen(trigger: AskBench) -> None:
    chosen = {"type": "block_actions", "actions": [{"action_id": "menu", "selected_option": {"value": "blue"}}]}
    assert told(trigger, {"payload": json.dumps(chosen)}, form=True)["items"][0]["json"]["value"] == "blue"


def test_a_command_is_told_without_its_old_token(trigger: AskBench) -> None:
    fields = {"token": "gIkuvaNz", "command": "/order", "text": "7", "channel_id": "C1", "trigger_id": "1.2"}
    [item] = told(trigger, fields, form=True)["items"]
    assert item["json"] == {
        "kind": "command",
        "command": "/order",
        "text": "7",
        "channel_id": "C1",
        "trigger_id": "1.2",
    }


@pytest.mark.parametrize("body", [{"ssl_check": "1"}, {"payload": "no json"}, {"payload": "[]"}])
def test_other_forms_start_nothing(trigger: AskBench, body: dict[str, str]) -> None:
    assert told(trigger, body, form=True) == FINE
