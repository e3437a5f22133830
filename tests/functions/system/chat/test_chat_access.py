"""Who may use a chat, and what nobody can: another's conversation, another chat's session, another site's page."""

import hashlib
import json
import time
import uuid
from base64 import urlsafe_b64encode

import pytest

from functions.system.chat.sessions import Sessions
from stepweave_data.hooks import chat_entries
from tests.functions.system.chat.stage import SECRET, Stage, told
from tests.functions.system.messages import rows

VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def test_nobody_reads_or_stops_anothers_message(stage: Stage) -> None:
    token, other = stage.enter(), stage.enter()
    id = stage.sent(token)
    for asked, body in ((f"turn/{id}", b""), (f"stop/{id}", b"{}"), (f"live/{id}", b"{}")):
        assert told(stage.ask(asked, body, x_chat_session=other)) == (404, "unknown_message")
        assert told(stage.ask(asked, body)) == (401, "no_session")
    assert stage.talk(other) == []
    for made_up in ("x", "../../etc", "' OR 1=1 --", str(uuid.uuid4())):
        assert told(stage.ask(f"turn/{made_up}", x_chat_session=token))[0] == 404


@pytest.mark.parametrize("token", ["", "chosen-by-somebody", f"{'a' * 22}.ffffffff.-.{'b' * 43}", "é" * 80])
def test_a_session_that_we_did_not_make_is_none(stage: Stage, token: str) -> None:
    assert told(stage.ask("talk", x_chat_session=token)) == (401, "no_session")
    assert told(stage.send(token, "Hi")) == (401, "no_session")


def test_a_session_is_of_one_chat_and_ends(stage: Stage) -> None:
    token = stage.enter()
    chance, until, user, proof = token.split(".")
    for changed in (
        f"{chance[:-1]}{'A' if chance[-1] != 'A' else 'B'}.{until}.{user}.{proof}",
        f"{chance}.{int(until, 16) + 1:x}.{user}.{proof}",
        f"{chance}.{until}.{stage.tenant.user_id}.{proof}",
    ):
        assert told(stage.ask("talk", x_chat_session=changed)) == (401, "no_session")
    stage.publish(nodeId="another")
    assert told(stage.ask("talk", x_chat_session=token)) == (401, "no_session")
    old = Sessions(SECRET, "c", -1)
    assert old.read(old.new().token) is None


def test_pages_of_other_origins_send_nothing(stage: Stage) -> None:
    token = stage.enter()
    assert told(stage.send(token, "Hi", Origin="https://evil.example")) == (403, "other_origin")
    assert told(stage.send(token, "Hi", Origin="null")) == (403, "other_origin")
    assert stage.send(token, "Hi", Origin="https://stepweave.example")["statusCode"] == 202
    # What a page may send without asking (a form, plain text) begins no session.
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"):
        assert told(stage.ask("session", b"{}", Content_Type=kind)) == (415, "not_json")
    # And no answer lets another page read it.
    answer = stage.ask("talk", x_chat_session=token, Origin="https://evil.example")
    assert not [name for name in answer["headers"] if name.startswith("access-control")]
    assert stage.ask("send", method="OPTIONS", Origin="https://evil.example")["statusCode"] == 405


def test_a_password_lets_in_and_nothing_is_said_before(stage: Stage) -> None:
    stage.publish(access="password", says={"greeting": "For you alone"})
    assert "For you alone" not in stage.ask()["body"]
    ask = {"Content_Type": "application/json"}
    for wrong in (b'{"password": "open sesam"}', b"{}", b'{"password": null}', b"[]"):
        assert told(stage.ask("session", wrong, **ask)) == (401, "wrong_password")
    token = stage.enter(password="open sesame")
    stage.sent(token)
    stage.password = "another one now"
    stage.chats.access.vault._kept.clear()
    assert told(stage.ask("talk", x_chat_session=token)) == (401, "no_session")


def test_passwords_are_tried_so_often_and_no_oftener(stage: Stage) -> None:
    stage.publish(access="password")
    codes = [told(stage.ask("session", b'{"password": "x"}', Content_Type="application/json"))[0] for _ in range(12)]
    assert codes == [401] * 10 + [429] * 2
    # Also the right one, from that address; others are not held up.
    right = b'{"password": "open sesame"}'
    assert told(stage.ask("session", right, Content_Type="application/json"))[0] == 429
    answer = stage.ask("session", right, Content_Type="application/json", X_Stepweave_Caller="198.51.100.7")
    assert answer["statusCode"] == 200


def test_a_session_without_a_password_is_none_once_there_is_one(stage: Stage) -> None:
    token = stage.enter()
    stage.publish(access="password")
    assert told(stage.ask("talk", x_chat_session=token)) == (401, "no_session")


def test_members_enter_by_a_code_of_the_apps_once(stage: Stage) -> None:
    stage.publish(access="members")
    code = chat_entries.new_code(SECRET, "acme/help", str(stage.tenant.user_id), CHALLENGE)
    ask = {"Content_Type": "application/json"}

    def enter(code: str, verifier: str = VERIFIER) -> tuple[int, str]:
        return told(stage.ask("session", json.dumps({"code": code, "verifier": verifier}).encode(), **ask))

    assert enter("") == (401, "members_only")
    assert enter(code, "w" * 43) == (401, "members_only")
    elsewhere = chat_entries.new_code(SECRET, "acme/other", str(stage.tenant.user_id), CHALLENGE)
    assert enter(elsewhere) == (401, "members_only")
    token = stage.enter(code=code, verifier=VERIFIER)
    assert enter(code) == (401, "members_only")
    stage.sent(token)
    # Who is no member any more reads nothing any more.
    rows(stage.databases, "DELETE FROM memberships WHERE user_id = %s RETURNING 1", stage.tenant.user_id)
    assert told(stage.ask("talk", x_chat_session=token)) == (401, "no_session")


def test_a_members_code_is_good_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    code = chat_entries.new_code(SECRET, "acme/help", str(uuid.uuid4()), CHALLENGE)
    now = time.time()
    assert chat_entries.user_of(SECRET, "acme/help", code, VERIFIER)
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert chat_entries.user_of(SECRET, "acme/help", code, VERIFIER) == ""


def test_who_may_frame_the_page_is_the_chats_to_say(stage: Stage) -> None:
    stage.publish(look={"embed": "https://a.example, https://b.example"})
    assert "frame-ancestors https://a.example https://b.example" in stage.ask()["headers"]["content-security-policy"]
    script = stage.ask("embed.js")
    assert (script["statusCode"], '"path": "/chat/acme/help"' in script["body"]) == (200, True)
    assert "__GIVEN__" not in script["body"]


def test_a_strange_host_gets_a_page_without_a_script(stage: Stage) -> None:
    policy = stage.ask(X_Forwarded_Host="a; script-src *")["headers"]["content-security-policy"]
    assert "script-src" not in policy
