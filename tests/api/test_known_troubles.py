"""What broke second factors, signing in by a provider, and limits of other products: tried here (repo#number each)."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis

from api.services import limits
from api.services.limits import PAIR, REGISTRATION, Rule
from stepweave_data.rates import Charge, Rate, Rates, counted_as
from tests.api.conftest import PASSWORD, World, email
from tests.api.test_factors import SITE, Person, clock, person  # noqa: F401 - fixtures
from tests.api.test_limits import client, log_in  # noqa: F401 - a fixture
from tests.api.test_routes import is_problem
from tests.api.test_sign_in import Office, office, server, somebody  # noqa: F401 - fixtures
from tests.fakes.authenticator import Authenticator

# ruff: noqa: F811 - fixtures are named as they are imported


@pytest.mark.parametrize("shown", ["{0} {1}", " {0}{1} ", "{0}\u00a0{1}", "{0}\t{1}\n"])
def test_a_code_counts_as_the_app_shows_it(person: Person, shown: str) -> None:
    """cachet#2405, two_factor_authentication#155, TfaTotp#2, securedrop#820: apps show and copy a space within."""
    person.with_app()
    code = person.code()
    assert person.answer(person.challenge(), code=shown.format(code[:3], code[3:])).status_code == 200


def test_a_code_that_begins_with_zero_counts_and_a_part_of_one_does_not(person: Person) -> None:
    """authentik#19818, ACVP#329, Inferno#36 (zeros were lost); CityCatalyst#3165 (a digit too many was fine)."""
    person.with_app()
    while not person.code().startswith("0"):
        person.clock.step()
    code, challenge = person.code(), person.challenge()
    for wrong in (code.lstrip("0"), f"{code}0", f"{code}abc", str(int(code))):
        answer = person.answer(challenge, code=wrong)
        assert answer.status_code in (401, 422), (wrong, answer.text)
    assert person.answer(person.challenge(), code=code).status_code == 200


@pytest.mark.parametrize("how", ["upper", "plain", "spaced"])
def test_a_recovery_code_counts_however_it_was_written_down(person: Person, how: str) -> None:
    """aspnet/Identity#1700: as it was shown it was refused."""
    code = person.with_app()[0]
    written = {"upper": code.upper(), "plain": code.replace("-", ""), "spaced": f" {code.replace('-', ' ')}\n"}[how]
    assert person.answer(person.challenge(), recoveryCode=written).status_code == 200


def test_a_recovery_code_counts_once_however_many_bring_it_at_once(person: Person) -> None:
    """filament#19891, filament-breezy#284, gladys-gateway#199, Cleanuparr#736: two at once both got in."""
    code = person.with_app()[0]
    challenges = [person.challenge() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: person.answer(one, recoveryCode=code).status_code, challenges))
    assert sorted(answers) == [200, 401, 401, 401]


@pytest.mark.parametrize("handle", [None, "", "missing"])
def test_a_security_key_that_names_nobody_is_a_second_factor(person: Person, handle: Any) -> None:
    """hanko#153, Laragear/WebAuthn#47 #51, go-webauthn#171: keys leave out whose they are, which they may."""
    key = Authenticator(SITE)
    person.confirmed().with_passkey(key)
    challenge, visitor = person.challenge(), person.world.anonymous()
    options = visitor.post("/api/auth/second-factor/options", json={"challenge": challenge}).json()["options"]
    answer = key.get(options)
    answer["response"]["userHandle"] = handle
    if handle == "missing":
        del answer["response"]["userHandle"]
    assert person.answer(challenge, passkey=answer).status_code == 200


def test_alone_a_key_that_names_nobody_is_told_what_to_do(person: Person) -> None:
    """genosyn#42, w3c/webauthn#1892: without a name nobody is found; the words say so."""
    key = Authenticator(SITE)
    person.confirmed().with_passkey(key)
    visitor = person.world.anonymous()
    options = visitor.post("/api/auth/passkey/options").json()["options"]
    answer = key.get(options)
    answer["response"]["userHandle"] = ""
    refused = visitor.post("/api/auth/passkey", json={"passkey": answer})
    assert is_problem(refused, 401, "wrong_factor")
    assert "another way" in refused.json()["detail"]


def test_an_issuer_is_compared_to_the_letter_and_what_it_calls_itself_is_told(office: Office) -> None:
    """dawarich#2925, initiative#1771, planka#1514, insight#1903, photoprism#4528: a slash was lost, nobody said so."""
    slashed = f"{office.provider.url}/"
    office.provider.says = {"issuer": slashed}
    refused = office.put()
    assert is_problem(refused, 422, "provider_failed")
    assert slashed in refused.json()["errors"][0]["message"]
    kept = office.put(issuer=slashed)
    assert kept.status_code == 200, kept.text
    assert slashed in kept.text


def test_addresses_of_one_connection_are_counted_as_one(client: Any) -> None:
    """grav-plugin-login#204, nforwardauth#25, nextcloud/server#27302, jellyfin-plugin-sso#128: a /64 is one caller."""
    who = email()
    tried = [log_in(client, who, address=f"2001:db8:1:2:{n:x}::{n:x}") for n in range(PAIR.most + 1)]
    assert tried == [401] * PAIR.most + [429]
    assert log_in(client, who, address="2001:db8:1:3::1") == 401
    assert log_in(client, who, address="2001:db8:1:2:ffff::1") == 429


@pytest.mark.parametrize(
    ("who", "counted"),
    [
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("a@example.com 2001:DB8:1:2::9", "a@example.com 2001:db8:1:2::/64"),
        ("acme/form\n2001:db8::1", "acme/form\n2001:db8::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[2001:db8::1]", "2001:db8::/64"),
        ("203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a@example.com", "a@example.com"),
        ("", ""),
    ],
)
def test_who_somebody_is_counted_as(who: str, counted: str) -> None:
    assert counted_as(who) == counted


def test_who_waits_as_long_as_was_said_is_let_in(redis_url: str) -> None:
    """redis-cell#56, flask-limiter#62, redis_rate#42, rush#18, spring-cloud-gateway#1117: rounded down, negative, or of
    another clock."""
    connected = redis.Redis.from_url(redis_url, decode_responses=True)
    connected.flushdb()
    rates, rate = Rates(connected), Rate("test", 5, 2)
    for _ in range(5):
        assert not rates.take([Charge(rate, "somebody")]).refused
    refused = rates.take([Charge(rate, "somebody")])
    assert refused.refused
    assert 0 < refused.seconds <= 2
    time.sleep(refused.seconds)
    assert not rates.take([Charge(rate, "somebody")]).refused
    connected.close()


def test_every_429_says_when_to_come_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """commitpulse#6149: eighteen places answered 429 without `Retry-After`."""
    monkeypatch.setattr(limits, "REGISTRATION", Rule(REGISTRATION.name, 0, 60))
    world.redis.flushdb()
    body = {"email": email(), "password": PASSWORD, "name": "A", "tenantName": "A"}
    refused = world.anonymous().post("/api/auth/register", json=body)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60
