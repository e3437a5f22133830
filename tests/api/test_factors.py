"""Second factors: set up, asked for, and what somebody tries who has the password but not the factor."""

import time
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest
from fastapi.testclient import TestClient

from api.services import limits
from api.services.factors import apps
from api.services.factors.challenges import MOST_TRIES
from api.services.factors.passkeys import Site
from tests.api.conftest import PASSWORD, World
from tests.api.test_passwords import address, login
from tests.api.test_routes import is_problem
from tests.fakes.authenticator import PRESENT, Authenticator

SITE = "http://stepweave.test"


@dataclass
class Person:
    """Somebody with an account, and the clock that their app goes by."""

    world: World
    client: TestClient
    clock: "Clock"
    secret: str = ""

    @property
    def email(self) -> str:
        return address(self.client)

    def confirmed(self, **proof: Any) -> "Person":
        """Show who they are, so that changes count."""
        answer = self.client.post("/api/me/confirm", json=proof or {"password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.client.headers["X-Confirmation"] = answer.json()["confirmation"]
        return self

    def with_app(self) -> list[str]:
        """Set an authenticator app up; return the recovery codes."""
        begun = self.confirmed().client.post("/api/me/factors/app")
        assert begun.status_code == 201, begun.text
        self.secret = begun.json()["secret"]
        done = self.client.post("/api/me/factors/app/confirm", json={"code": self.code()})
        assert done.status_code == 200, done.text
        self.clock.step()
        return list(done.json()["codes"])

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(int(self.clock.now) + steps * apps.STEP_SECONDS)

    def with_passkey(self, key: Authenticator, name: str = "Laptop") -> Any:
        options = self.client.post("/api/me/passkeys/options")
        assert options.status_code == 200, options.text
        return self.client.post("/api/me/passkeys", json={"name": name, "passkey": key.make(options.json()["options"])})

    def challenge(self) -> str:
        """Log in with the password; return what is asked for."""
        answer = login(self.world, self.email, PASSWORD)
        assert is_problem(answer, 401, "second_factor_needed")
        return str(answer.json()["challenge"])

    def answer(self, challenge: str, **proof: Any) -> Any:
        return self.world.anonymous().post("/api/auth/second-factor", json={"challenge": challenge, **proof})

    def key_login(self, key: Authenticator, **how: Any) -> Any:
        client = self.world.anonymous()
        options = client.post("/api/auth/passkey/options").json()["options"]
        return client.post("/api/auth/passkey", json={"passkey": key.get(options, **how)})


class Clock:
    """What `time.time` says; codes are of a step of it."""

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now

    def step(self, steps: int = 1) -> None:
        self.now += steps * apps.STEP_SECONDS


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(apps, "time", made)
    return made


@pytest.fixture
def person(world: World, clock: Clock) -> Person:
    return Person(world, world.person(), clock)


# Authenticator apps


def test_a_login_asks_for_the_code_and_goes_on_with_it(person: Person) -> None:
    person.with_app()
    answer = login(person.world, person.email, PASSWORD)
    assert is_problem(answer, 401, "second_factor_needed")
    assert answer.json()["ways"] == ["code", "recoveryCode"]
    assert "set-cookie" not in answer.headers
    done = person.answer(answer.json()["challenge"], code=f"{person.code()[:3]} {person.code()[3:]}")
    assert (done.status_code, done.json()["user"]["email"]) == (200, person.email)
    assert "stepweave_refresh=" in done.headers["set-cookie"]


def test_a_wrong_password_says_nothing_of_factors(person: Person) -> None:
    person.with_app()
    assert is_problem(login(person.world, person.email, "wrong password"), 401, "wrong_login")


def test_a_code_counts_once_and_no_earlier_one_after_it(person: Person) -> None:
    person.with_app()
    code, before = person.code(), person.code(-1)
    assert person.answer(person.challenge(), code=code).status_code == 200
    assert is_problem(person.answer(person.challenge(), code=code), 401, "wrong_factor")
    assert is_problem(person.answer(person.challenge(), code=before), 401, "wrong_factor")
    person.clock.step()
    assert person.answer(person.challenge(), code=person.code()).status_code == 200


def test_a_clock_may_differ_by_one_step(person: Person) -> None:
    person.with_app()
    person.clock.step(5)
    for steps in (-2, 2):
        assert is_problem(person.answer(person.challenge(), code=person.code(steps)), 401, "wrong_factor")
    assert person.answer(person.challenge(), code=person.code(-1)).status_code == 200
    assert person.answer(person.challenge(), code=person.code(1)).status_code == 200


def test_a_challenge_is_answered_once(person: Person) -> None:
    person.with_app()
    challenge = person.challenge()
    assert person.answer(challenge, code=person.code()).status_code == 200
    person.clock.step()
    assert is_problem(person.answer(challenge, code=person.code()), 401, "challenge_expired")


def test_a_challenge_of_somebody_else_is_theirs(person: Person) -> None:
    person.with_app()
    other = Person(person.world, person.world.person(), person.clock)
    other.with_app()
    assert is_problem(person.answer(other.challenge(), code=person.code()), 401, "wrong_factor")


def test_a_challenge_takes_five_wrong_answers(person: Person) -> None:
    person.with_app()
    challenge = person.challenge()
    for _ in range(MOST_TRIES):
        assert is_problem(person.answer(challenge, code="000000"), 401, "wrong_factor")
    assert is_problem(person.answer(challenge, code=person.code()), 401, "challenge_expired")


def test_guesses_over_many_challenges_are_limited(person: Person) -> None:
    person.with_app()
    for _ in range(limits.SECOND_FACTOR.most // MOST_TRIES):
        challenge = person.challenge()
        for _ in range(MOST_TRIES):
            person.answer(challenge, code="000000")
    assert is_problem(person.answer(person.challenge(), code=person.code()), 429, "too_many_tries")


def test_no_challenge_lives_without_redis(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person.with_app()
    email = person.email
    monkeypatch.setattr(person.world.own_redis, "set", broken)
    assert is_problem(login(person.world, email, PASSWORD), 503, "redis_unavailable")


def broken(*_: object, **__: object) -> None:
    import redis

    raise redis.ConnectionError("gone")


def test_a_secret_counts_only_once_a_code_of_it_was_given(person: Person) -> None:
    begun = person.confirmed().client.post("/api/me/factors/app").json()
    assert begun["uri"].startswith("otpauth://totp/Stepweave:")
    assert begun["picture"].startswith("data:image/svg+xml")
    assert login(person.world, person.email, PASSWORD).status_code == 200
    wrong = person.client.post("/api/me/factors/app/confirm", json={"code": "000000"})
    assert is_problem(wrong, 422, "wrong_code")
    assert person.client.get("/api/me/factors").json()["hasApp"] is False


def test_the_secret_is_never_told_again_nor_lies_open(person: Person) -> None:
    person.with_app()
    assert person.secret not in person.client.get("/api/me/factors").text
    assert is_problem(person.confirmed(code=person.code()).client.post("/api/me/factors/app"), 409, "factor_exists")


# Recovery codes


def test_recovery_codes_count_once_each(person: Person) -> None:
    made = person.with_app()
    assert len(set(made)) == 10
    assert person.answer(person.challenge(), recoveryCode=f" {made[0].upper().replace('-', ' ')}").status_code == 200
    assert is_problem(person.answer(person.challenge(), recoveryCode=made[0]), 401, "wrong_factor")
    assert person.client.get("/api/me/factors").json()["recoveryCodesLeft"] == 9


def test_new_recovery_codes_end_the_old_ones(person: Person) -> None:
    old = person.with_app()
    fresh = person.confirmed(code=person.code()).client.post("/api/me/factors/recovery-codes").json()["codes"]
    assert is_problem(person.answer(person.challenge(), recoveryCode=old[0]), 401, "wrong_factor")
    assert person.answer(person.challenge(), recoveryCode=fresh[0]).status_code == 200


# Who may change it


def test_changes_need_to_be_confirmed_by_the_factor_one_has(person: Person) -> None:
    assert is_problem(person.client.post("/api/me/factors/app"), 403, "confirmation_needed")
    person.with_app()
    again = person.client.post("/api/me/confirm", json={"password": PASSWORD})
    assert is_problem(again, 403, "confirmation_needed")
    assert person.confirmed(code=person.code()).client.delete("/api/me/factors/app").status_code == 204
    assert login(person.world, person.email, PASSWORD).status_code == 200
    assert person.client.get("/api/me/factors").json()["recoveryCodesLeft"] == 0


def test_the_word_of_a_confirmation_is_its_owners(person: Person) -> None:
    other = person.world.person()
    other.headers["X-Confirmation"] = person.confirmed().client.headers["X-Confirmation"]
    assert is_problem(other.post("/api/me/factors/app"), 403, "confirmation_needed")
    assert is_problem(person.client.post("/api/me/confirm", json={"password": "a guess"}), 422, "wrong_password")


def test_one_proof_is_asked_for(person: Person) -> None:
    person.with_app()
    for proof in ({}, {"code": "123456", "recoveryCode": "x" * 19}, {"code": "12345"}, {"code": "１２３４５６"}):
        assert is_problem(person.answer("c" * 43, **proof), 422, "invalid_request")


# Passkeys


def test_a_passkey_signs_in_alone(person: Person) -> None:
    key = Authenticator(SITE)
    made = person.confirmed().with_passkey(key)
    assert (made.status_code, len(made.json()["codes"])) == (201, 10), made.text
    done = person.key_login(key)
    assert (done.status_code, done.json()["user"]["email"]) == (200, person.email), done.text
    listed = person.client.get("/api/me/factors").json()["passkeys"]
    assert [(row["name"], row["lastUsedAt"] is not None) for row in listed] == [("Laptop", True)]


def test_a_passkey_is_a_second_factor_too(person: Person) -> None:
    key = Authenticator(SITE)
    person.confirmed().with_passkey(key)
    challenge, client = person.challenge(), person.world.anonymous()
    options = client.post("/api/auth/second-factor/options", json={"challenge": challenge}).json()["options"]
    assert [row["id"] for row in options["allowCredentials"]] == [key.make(made_of(options))["id"]]
    answer = key.get(options)
    assert person.answer(challenge, passkey=answer).status_code == 200
    assert is_problem(person.answer(person.challenge(), passkey=answer), 401, "challenge_expired")


def made_of(options: dict[str, Any]) -> dict[str, Any]:
    return {**options, "rp": {"id": options["rpId"]}, "user": {"id": "eA"}}


def test_what_was_asked_for_one_thing_answers_no_other(person: Person) -> None:
    key = Authenticator(SITE)
    person.confirmed().with_passkey(key)
    client = person.world.anonymous()
    alone = client.post("/api/auth/passkey/options").json()["options"]
    assert is_problem(person.answer(person.challenge(), passkey=key.get(alone)), 401, "wrong_factor")
    first, second = person.challenge(), person.challenge()
    bound = client.post("/api/auth/second-factor/options", json={"challenge": first}).json()["options"]
    assert is_problem(person.answer(second, passkey=key.get(bound)), 401, "wrong_factor")
    bound = client.post("/api/auth/second-factor/options", json={"challenge": first}).json()["options"]
    assert is_problem(client.post("/api/auth/passkey", json={"passkey": key.get(bound)}), 401, "wrong_factor")


@pytest.mark.parametrize(
    "change",
    [{"origin": "http://evil.test"}, {"rp_id": "evil.test"}, {"flags": PRESENT}, {"flags": 0}],
    ids=["another origin", "another site", "nobody verified", "nobody there"],
)
def test_an_authenticators_answer_for_others_does_not_count(person: Person, change: dict[str, Any]) -> None:
    key = Authenticator(SITE)
    person.confirmed().with_passkey(key)
    before = vars(key).copy()
    vars(key).update(change)
    assert is_problem(person.key_login(key), 401, "wrong_factor")
    vars(key).update(before)
    assert person.key_login(key).status_code == 200
    assert is_problem(person.with_passkey(Authenticator(**{"origin": SITE, **change})), 422, "passkey_invalid")


def test_a_passkey_of_one_is_no_passkey_of_another(person: Person) -> None:
    key, theirs = Authenticator(SITE), Authenticator(SITE)
    other = Person(person.world, person.world.person(), person.clock)
    person.confirmed().with_passkey(key)
    other.confirmed().with_passkey(theirs)
    key.user = theirs.user
    assert is_problem(person.key_login(key), 401, "wrong_factor")
    (row,) = other.client.get("/api/me/factors").json()["passkeys"]
    assert is_problem(person.client.delete(f"/api/me/passkeys/{row['id']}"), 404, "not_found")
    options = other.client.post("/api/me/passkeys/options").json()["options"]
    stolen = person.client.post("/api/me/passkeys", json={"name": "x", "passkey": Authenticator(SITE).make(options)})
    assert is_problem(stolen, 422, "passkey_invalid")


def test_a_counter_that_goes_back_is_noted_and_refused(person: Person) -> None:
    key = Authenticator(SITE)
    person.confirmed().with_passkey(key)
    assert person.key_login(key, counts=5).status_code == 200
    assert is_problem(person.key_login(key, counts=-3), 401, "wrong_factor")
    assert is_problem(person.key_login(key, counts=100), 401, "wrong_factor"), "until it is removed"
    (row,) = person.client.get("/api/me/factors").json()["passkeys"]
    assert row["suspectAt"]


def test_authenticators_without_a_counter_count(person: Person) -> None:
    key = Authenticator(SITE)
    person.confirmed().with_passkey(key)
    assert [person.key_login(key, counts=0).status_code for _ in range(2)] == [200, 200]


def test_passkeys_are_named_and_removed(person: Person) -> None:
    keys = [Authenticator(SITE), Authenticator(SITE)]
    person.confirmed()
    rows = [person.with_passkey(key, f"Key {at}").json()["passkey"] for at, key in enumerate(keys)]
    assert person.client.patch(f"/api/me/passkeys/{rows[0]['id']}", json={"name": "Phone"}).status_code == 204
    assert person.client.delete(f"/api/me/passkeys/{rows[1]['id']}").status_code == 204
    assert [row["name"] for row in person.client.get("/api/me/factors").json()["passkeys"]] == ["Phone"]
    assert is_problem(person.key_login(keys[1]), 401, "wrong_factor")


@pytest.mark.parametrize("passkey", [{}, {"response": 5}, {"response": {"clientDataJSON": "bnVsbA"}}, {"rawId": "é"}])
def test_what_is_no_answer_of_a_browser_is_refused(person: Person, passkey: dict[str, Any]) -> None:
    client = person.world.anonymous()
    assert is_problem(client.post("/api/auth/passkey", json={"passkey": passkey}), 401, "challenge_expired")


def test_answers_that_are_bent_are_refused_not_failed_at(person: Person) -> None:
    key = Authenticator(SITE)
    person.confirmed().with_passkey(key)
    client = person.world.anonymous()
    bent: list[Any] = [None, 5, "", "AA", "é", [], {}, "A" * 4000]
    for name in ("authenticatorData", "signature", "userHandle"):
        for value in bent:
            answer = key.get(client.post("/api/auth/passkey/options").json()["options"])
            answer["response"][name] = value
            got = client.post("/api/auth/passkey", json={"passkey": answer})
            assert is_problem(got, 401, "wrong_factor"), (name, value, got.text)
    for value in bent:
        options = person.client.post("/api/me/passkeys/options").json()["options"]
        made = Authenticator(SITE).make(options)
        made["response"]["attestationObject"] = value
        got = person.client.post("/api/me/passkeys", json={"name": "x", "passkey": made})
        assert is_problem(got, 422, "passkey_invalid"), (value, got.text)


def test_a_site_is_the_apps_host_or_what_the_deployment_names() -> None:
    assert Site.of("https://flow.corp.example", "S") == Site("flow.corp.example", "S", ("https://flow.corp.example",))
    assert Site.of("https://flow.corp.example", "S", "corp.example").id == "corp.example"
    assert Site.of("http://127.0.0.1:8400", "S") == Site("app.localhost", "S", ("http://app.localhost:8400",))


# What a workspace asks for


def test_a_workspace_asks_all_for_a_second_factor(person: Person) -> None:
    client = person.client
    before = client.put("/api/tenant/factors", json={"requiresFactor": True})
    assert is_problem(before, 422, "no_factor_yet")
    person.with_app()
    told = client.put("/api/tenant/factors", json={"requiresFactor": True}).json()
    assert told == {"requiresFactor": True, "having": 1, "members": 1}
    last = person.confirmed(code=person.code()).client.delete("/api/me/factors/app")
    assert is_problem(last, 409, "last_factor")
    assert client.get("/api/me/factors").json()["hasApp"] is True


def test_a_new_demand_counts_at_once_for_sessions_that_are_open(person: Person, databases: Any) -> None:
    import psycopg

    person.with_app()
    member = person.world.person()
    ids = [one.get("/api/me").json() for one in (person.client, member)]
    with psycopg.connect(databases.owner) as connection:
        values = (ids[0]["tenant"]["id"], ids[1]["user"]["id"])
        connection.execute("UPDATE memberships SET tenant_id = %s, role = 'editor' WHERE user_id = %s", values)
    session = login(person.world, ids[1]["user"]["email"], PASSWORD).json()
    member.headers["Authorization"] = f"Bearer {session['accessToken']}"
    assert member.get("/api/workflows").status_code == 200
    assert person.client.put("/api/tenant/factors", json={"requiresFactor": True}).status_code == 200
    assert is_problem(member.get("/api/workflows"), 403, "second_factor_required")
    assert person.client.get("/api/workflows").status_code == 200
    other = Person(person.world, member, person.clock)
    other.with_app()
    assert member.get("/api/workflows").status_code == 200, "the same token, once there is one"
    assert person.client.put("/api/tenant/factors", json={"requiresFactor": False}).status_code == 200


def test_a_passkey_leads_to_the_workspace_that_was_used_last(person: Person) -> None:
    key = Authenticator(SITE)
    person.confirmed().with_passkey(key)
    first = person.client.get("/api/me").json()["tenant"]["id"]
    made = person.client.post("/api/tenants", json={"name": "The second"})
    assert made.is_success, made.text
    assert person.key_login(key).json()["tenant"]["id"] == made.json()["tenant"]["id"] != first


def test_who_has_none_sets_one_up_before_anything_else(person: Person, databases: Any) -> None:
    import psycopg

    with psycopg.connect(databases.owner) as connection:
        tenant = person.client.get("/api/me").json()["tenant"]["id"]
        connection.execute("UPDATE tenants SET requires_factor = true WHERE id = %s", (tenant,))
    answer = login(person.world, person.email, PASSWORD)
    assert answer.json()["secondFactorMissing"] is True
    person.client.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"
    for path in ("/api/workflows", "/api/credentials", "/api/members"):
        assert is_problem(person.client.get(path), 403, "second_factor_required")
    assert is_problem(person.client.post("/api/live/ticket"), 403, "second_factor_required")
    person.with_app()
    renewed = person.client.post("/api/auth/refresh").json()
    assert renewed["secondFactorMissing"] is False
    person.client.headers["Authorization"] = f"Bearer {renewed['accessToken']}"
    assert person.client.get("/api/workflows").status_code == 200
