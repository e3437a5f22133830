"""Registering where addresses are confirmed, forgotten passwords, other addresses: by links in mails."""

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.services import limits
from api.settings import settings
from tests.api.conftest import PASSWORD, World, email
from tests.api.test_limits import log_in
from tests.api.test_passwords import address
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases

NEW = "staple the battery 7"


@pytest.fixture
def mailing(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A deployment that sends mail."""
    world.redis.flushdb()
    monkeypatch.setenv("STEPWEAVE_MAIL_URL", "smtp://mail.test:25")
    settings.cache_clear()
    yield world
    settings.cache_clear()


def person(world: World, address: str = "") -> tuple[TestClient, str]:
    """Return a client of somebody who registered and confirmed, and their address."""
    client, who = world.anonymous(), address or email()
    assert registered(client, who).status_code == 202
    answer = client.post("/api/auth/confirm", json={"token": link(world, who), "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"
    return client, who


def registered(client: TestClient, who: str, password: str = PASSWORD) -> Any:
    body = {"email": who, "password": password, "name": "Ada", "tenantName": "Engines"}
    return client.post("/api/auth/register", json=body)


def letters(world: World, who: str) -> list[str]:
    return [f"{subject}\n{text}" for to, subject, text in world.mails.sent if to == who]


def link(world: World, who: str) -> str:
    """Return the token of the last mail to an address."""
    found = re.search(r"http://stepweave\.test/[a-z-]+#(\S+)", letters(world, who)[-1])
    assert found, letters(world, who)
    return found[1]


def test_an_account_is_there_once_its_address_is_confirmed(mailing: World) -> None:
    client, who = mailing.anonymous(), email()
    answer = registered(client, who.upper())
    assert (answer.status_code, answer.json()) == (202, {"email": who})
    assert "set-cookie" not in answer.headers
    assert log_in(client, who, PASSWORD) == 401
    token = link(mailing, who)
    # Who registered with somebody else's address has no link; who got the link does not know the password.
    wrong = client.post("/api/auth/confirm", json={"token": token, "password": "a guess at it"})
    assert is_problem(wrong, 422, "wrong_password")
    session = client.post("/api/auth/confirm", json={"token": token, "password": PASSWORD})
    assert (session.status_code, session.json()["user"]["email"], session.json()["role"]) == (201, who, "owner")
    assert session.json()["tenant"]["name"] == "Engines"
    again = client.post("/api/auth/confirm", json={"token": token, "password": PASSWORD})
    assert is_problem(again, 410, "link_invalid")
    assert client.post("/api/auth/refresh").status_code == 200
    assert is_problem(registered(client, email(), "password12"), 422, "weak_password")


def test_nobody_learns_who_has_an_account(mailing: World) -> None:
    _, known = person(mailing)
    stranger, unknown = mailing.anonymous(), email()
    for path, body in (("register", {"password": NEW, "name": "M", "tenantName": "M"}), ("reset-mail", {})):
        one, other = (stranger.post(f"/api/auth/{path}", json={"email": who, **body}) for who in (known, unknown))
        assert one.status_code == other.status_code == 202
        assert one.text.replace(known, "X") == other.text.replace(unknown, "X")
        assert {*one.headers} == {*other.headers}
        assert len(letters(mailing, unknown)) == len(letters(mailing, known)) - 1
    assert "You have a Stepweave account already" in letters(mailing, known)[1]
    assert "There is no Stepweave account" in letters(mailing, unknown)[1]
    assert "#" not in letters(mailing, unknown)[1]
    assert "#" not in letters(mailing, known)[1]


def test_two_registrations_of_one_address_make_one_account(mailing: World) -> None:
    client, who = mailing.anonymous(), email()
    registered(client, who)
    first = link(mailing, who)
    registered(client, who, NEW)
    second = link(mailing, who)
    assert client.post("/api/auth/confirm", json={"token": second, "password": NEW}).status_code == 201
    taken = client.post("/api/auth/confirm", json={"token": first, "password": PASSWORD})
    assert is_problem(taken, 409, "email_taken")
    assert log_in(client, who, NEW) == 200


def test_a_forgotten_password_is_reset_once_and_ends_all_sessions(mailing: World) -> None:
    client, who = person(mailing)
    elsewhere = mailing.anonymous()
    assert elsewhere.post("/api/auth/reset-mail", json={"email": who}).status_code == 202
    former = link(mailing, who)
    assert elsewhere.post("/api/auth/reset-mail", json={"email": who}).status_code == 202
    token = link(mailing, who)
    weak = elsewhere.post("/api/auth/reset", json={"token": token, "password": f"{who.partition('@')[0]}1"})
    assert is_problem(weak, 422, "weak_password")
    assert elsewhere.post("/api/auth/reset", json={"token": token, "password": NEW}).json() == {"email": who}
    assert is_problem(client.post("/api/auth/refresh"), 401, "session_expired")
    for used in (token, former):
        refused = elsewhere.post("/api/auth/reset", json={"token": used, "password": PASSWORD})
        assert is_problem(refused, 410, "link_invalid")
    assert "password was changed" in letters(mailing, who)[-1]
    assert log_in(mailing.anonymous(), who, PASSWORD) == 401
    assert log_in(mailing.anonymous(), who, NEW) == 200


def test_a_reset_lets_the_owner_in_who_is_under_attack(mailing: World) -> None:
    _, who = person(mailing)
    for number in range(limits.ACCOUNT[0].most + 1):
        log_in(mailing.anonymous(), who, address=f"203.0.113.{number}")
    new = mailing.anonymous()
    assert log_in(new, who, PASSWORD, address="198.51.100.1") == 429
    new.post("/api/auth/reset-mail", json={"email": who})
    assert new.post("/api/auth/reset", json={"token": link(mailing, who), "password": NEW}).status_code == 200
    assert log_in(new, who, NEW, address="198.51.100.1") == 200


def test_links_have_an_end_and_a_kind(mailing: World, databases: Databases) -> None:
    client, who = person(mailing)
    client.post("/api/auth/reset-mail", json={"email": who})
    token = link(mailing, who)
    for path, body in (("confirm", {"password": PASSWORD}), ("email", {}), ("email/undo", {})):
        assert is_problem(client.post(f"/api/auth/{path}", json={"token": token, **body}), 410, "link_invalid")
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE letters SET expires_at = now() WHERE email = %s", (who,))
    refused = client.post("/api/auth/reset", json={"token": token, "password": NEW})
    assert is_problem(refused, 410, "link_invalid")
    for odd in ("x", "a" * 43):
        assert client.post("/api/auth/reset", json={"token": odd, "password": NEW}).status_code == 410
    for odd in ("", "a b", "%00", "a" * 201, "ünïcode"):
        assert client.post("/api/auth/reset", json={"token": odd, "password": NEW}).status_code == 422


def test_mails_to_an_address_are_few_and_the_answer_does_not_tell(mailing: World) -> None:
    client, who = mailing.anonymous(), email()
    answers = {client.post("/api/auth/reset-mail", json={"email": who}).text for _ in range(8)}
    assert len(answers) == 1
    assert len(letters(mailing, who)) == limits.LETTERS.most


def test_another_address_counts_once_it_is_confirmed_and_the_former_can_take_it_back(mailing: World) -> None:
    client, who = person(mailing)
    new = email()
    wrong = client.post("/api/me/email", json={"email": new, "password": "a guess at it"})
    assert is_problem(wrong, 422, "wrong_password")
    assert is_problem(client.post("/api/me/email", json={"email": who, "password": PASSWORD}), 422, "invalid_request")
    assert client.post("/api/me/email", json={"email": new, "password": PASSWORD}).status_code == 202
    assert address(client) == who
    anybody = mailing.anonymous()
    assert anybody.post("/api/auth/email", json={"token": link(mailing, new)}).json() == {"email": new}
    assert address(client) == new
    assert new in letters(mailing, who)[-1]
    assert (log_in(anybody, who, PASSWORD), log_in(anybody, new, PASSWORD)) == (401, 200)
    assert anybody.post("/api/auth/email/undo", json={"token": link(mailing, who)}).json() == {"email": who}
    assert is_problem(client.post("/api/auth/refresh"), 401, "session_expired")
    assert anybody.post("/api/auth/reset", json={"token": link(mailing, who), "password": NEW}).status_code == 200
    assert (log_in(anybody, new, PASSWORD), log_in(anybody, who, NEW)) == (401, 200)


def test_who_changes_their_address_keeps_the_devices_that_know_them(mailing: World) -> None:
    client, _ = person(mailing)
    new = email()
    client.post("/api/me/email", json={"email": new, "password": PASSWORD})
    mailing.anonymous().post("/api/auth/email", json={"token": link(mailing, new)})
    attacker = mailing.anonymous()
    tried = [log_in(attacker, new, address=f"203.0.113.{number}") for number in range(limits.ACCOUNT[0].most + 2)]
    assert (tried[0], tried[-1]) == (401, 429)
    assert log_in(mailing.anonymous(), new, PASSWORD, address="198.51.100.1") == 429
    assert log_in(client, new, PASSWORD, address="203.0.113.1") == 200


def test_a_device_is_not_known_to_whoever_has_an_address_next(mailing: World) -> None:
    """Who gave an address up, or had it before its owner, has no guesses of their own at the account it is of now."""
    client, who = person(mailing)
    new = email()
    client.post("/api/me/email", json={"email": new, "password": PASSWORD})
    mailing.anonymous().post("/api/auth/email", json={"token": link(mailing, new)})
    owner, _ = person(mailing, who)
    everywhere = [mailing.anonymous() for _ in range(limits.ACCOUNT[0].most)]
    assert {log_in(one, who, address=f"203.0.113.{number}") for number, one in enumerate(everywhere)} == {401}
    assert log_in(client, who, address="198.51.100.1") == 429
    assert log_in(owner, who, PASSWORD, address="198.51.100.1") == 200


def test_a_link_to_the_former_address_resets_nothing_any_more(mailing: World) -> None:
    client, who = person(mailing)
    new = email()
    client.post("/api/auth/reset-mail", json={"email": who})
    reset = link(mailing, who)
    client.post("/api/me/email", json={"email": new, "password": PASSWORD})
    client.post("/api/auth/email", json={"token": link(mailing, new)})
    assert is_problem(client.post("/api/auth/reset", json={"token": reset, "password": NEW}), 410, "link_invalid")


@pytest.mark.parametrize(
    ("odd", "becomes"),
    [
        ("\u212aate@example.com", "kate@example.com"),  # the Kelvin sign: the mail goes to who has the account
        (" Ada+Tag@Example.com ", "ada+tag@example.com"),
        ("a@пример.рф", "a@пример.рф"),
        ("\u0130@example.com", None),
        ("ß@example.com", None),
        ("用户@example.com", None),
        ("a@example.com\r\nBcc: b@example.com", None),
        ("a@b", None),
        ("x" * 300 + "@example.com", None),
        ("\ud800@example.com", None),
    ],
)
def test_an_odd_address_is_one_that_mail_reaches_or_refused(mailing: World, odd: str, becomes: str | None) -> None:
    body = json.dumps({"email": odd})
    answer = mailing.anonymous().post(
        "/api/auth/reset-mail", content=body, headers={"content-type": "application/json"}
    )
    if becomes is None:
        assert answer.status_code in (400, 422), answer.text
        assert mailing.mails.sent == []
    else:
        assert (answer.status_code, answer.json()) == (202, {"email": becomes})
        assert [to for to, _, _ in mailing.mails.sent] == [becomes]


def test_an_address_that_another_has_is_told_to_nobody_and_taken_from_nobody(mailing: World) -> None:
    client, who = person(mailing)
    _, other = person(mailing)
    free = email()
    asked = [client.post("/api/me/email", json={"email": to, "password": PASSWORD}) for to in (other, free)]
    assert asked[0].text.replace(other, "X") == asked[1].text.replace(free, "X")
    assert "has a Stepweave account already" in letters(mailing, other)[-1]
    token = link(mailing, free)
    registered(mailing.anonymous(), free)
    done = mailing.anonymous().post("/api/auth/confirm", json={"token": link(mailing, free), "password": PASSWORD})
    assert done.status_code == 201
    assert is_problem(client.post("/api/auth/email", json={"token": token}), 409, "email_taken")
    assert address(client) == who


def test_a_new_password_ends_what_somebody_else_asked_for(mailing: World) -> None:
    client, _ = person(mailing)
    new = email()
    client.post("/api/me/email", json={"email": new, "password": PASSWORD})
    pending = link(mailing, new)
    changed = client.post("/api/auth/password", json={"currentPassword": PASSWORD, "newPassword": NEW})
    assert changed.status_code == 200
    assert is_problem(client.post("/api/auth/email", json={"token": pending}), 410, "link_invalid")


def test_a_mail_that_cannot_be_sent_is_told_alike(mailing: World) -> None:
    _, who = person(mailing)
    mailing.mails.fails = True
    for address_ in (who, email()):
        assert is_problem(registered(mailing.anonymous(), address_), 503, "mail_unavailable")
        answer = mailing.anonymous().post("/api/auth/reset-mail", json={"email": address_})
        assert is_problem(answer, 503, "mail_unavailable")


def test_tokens_and_pending_passwords_are_out_of_the_applications_reach(mailing: World, databases: Databases) -> None:
    client = mailing.anonymous()
    registered(client, who := email())
    token = link(mailing, who)
    with psycopg.connect(databases.owner) as connection:
        row = connection.execute("SELECT token_hash, details FROM letters WHERE email = %s", (who,)).fetchone()
    assert row
    assert token.encode() not in row[0]
    assert PASSWORD not in str(row[1])
    with psycopg.connect(databases.app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM letters")
