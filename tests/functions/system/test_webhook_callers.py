"""Who may call a webhook: signatures as providers make them, tokens, addresses, how often. All of it fails closed."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import psycopg
import pytest
import redis
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from functions.system.webhook import bearers, quotas, rates
from functions.system.webhook.networks import is_within
from functions.system.webhook.signatures import check_signature
from stepweave.runtime.jwks import KeySets
from stepweave_data.history.live import connect
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import Request, read_request
from stepweave_data.rates import Rate
from tests.fakes.web import web_server
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.hooks import TENANT_ID, Bench, Machines, call, content, succeeded, target

NOW = 1_700_000_000
SECRET = "s3cr\u00e9t of the shop"
SVIX_KEY = b"\x00\x01key of svix\xff" + b"k" * 12
SVIX = "whsec_" + base64.b64encode(SVIX_KEY).decode()
BODY = b'{"n": 1.0,  "z": "\xc3\xbc"}'
"""No JSON library writes it so: who verifies what was parsed and written again is found out."""
CUSTOM = {
    "header": "X-Sig",
    "prefix": "sha512=",
    "encoding": "base64",
    "algorithm": "sha512",
    "content": "v:{timestamp}:{body}",
    "timeHeader": "X-Time",
}


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    made = connect(redis_url)
    made.flushdb()
    yield made
    made.close()


def mac(message: bytes, key: str | bytes = SECRET, algorithm: str = "sha256") -> bytes:
    return hmac.new(key if isinstance(key, bytes) else key.encode(), message, algorithm).digest()


def text64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def signed(preset: str, body: bytes = BODY, at: int = NOW, key: str | bytes = SECRET) -> dict[str, str]:
    """Return the headers that a provider sends with a body."""
    time_body = f"{at}.".encode() + body
    match preset:
        case "github":
            return {"X-Hub-Signature-256": "sha256=" + mac(body, key).hex()}
        case "stripe":
            return {"Stripe-Signature": f"t={at},v1={mac(time_body, key).hex()},v0=00"}
        case "slack":
            text = mac(f"v0:{at}:".encode() + body, key).hex()
            return {"X-Slack-Signature": f"v0={text}", "X-Slack-Request-Timestamp": str(at)}
        case "shopify":
            return {"X-Shopify-Hmac-Sha256": text64(mac(body, key))}
        case "svix":
            digest = mac(f"msg_1.{at}.".encode() + body, SVIX_KEY if key == SECRET else key)
            return {"svix-id": "msg_1", "svix-timestamp": str(at), "svix-signature": f"v1,{text64(digest)}"}
    digest = mac(f"v:{at}:".encode() + body, key, "sha512")
    return {"X-Sig": f"sha512={text64(digest)}", "X-Time": str(at)}


def rules(preset: str, window: int = 300) -> dict[str, Any]:
    return {"preset": preset, "window": window, **(CUSTOM if preset == "custom" else {})}


def request(headers: dict[str, str], body: bytes = BODY) -> Request:
    return read_request(call(body=body, headers=headers))


def refused(
    preset: str, headers: dict[str, str], *, body: bytes = BODY, secrets: Any = None, now: float = NOW
) -> tuple[int, str]:
    """Return status and code of a refusal; (0, "") for a call that is let in."""
    known = secrets if secrets is not None else [SVIX if preset == "svix" else SECRET]
    try:
        check_signature(request(headers, body), rules(preset), known, now)
    except Refusal as refusal:
        return refusal.answer["statusCode"], refusal.code
    return 0, ""


PRESETS = ("github", "stripe", "slack", "shopify", "svix", "custom")
TIMED = ("stripe", "slack", "svix", "custom")
WRONG = (401, "wrong_signature")


@pytest.mark.parametrize("preset", PRESETS)
def test_a_call_is_let_in_by_its_signature_over_the_body_as_it_was_sent(preset: str) -> None:
    headers = signed(preset)
    assert refused(preset, headers) == (0, "")
    assert refused(preset, headers, body=json.dumps(json.loads(BODY)).encode()) == WRONG
    assert refused(preset, headers, body=BODY[:-1]) == WRONG  # truncated
    assert refused(preset, headers, body=b"") == WRONG
    assert refused(preset, signed(preset, key=b"another")) == WRONG
    assert refused(preset, {}) == WRONG
    for name in headers:
        assert refused(preset, {**headers, name: ""}) == WRONG
        assert refused(preset, {**headers, name: "\u00e9\u4e00 \x00=,"}) == WRONG
        assert refused(preset, {other: value for other, value in headers.items() if other != name}) == WRONG


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nobody_is_let_in(preset: str, secrets: list[str]) -> None:
    assert refused(preset, signed(preset), secrets=secrets) == (403, "no_secret")
    assert refused(preset, signed(preset, key=b""), secrets=secrets) == (403, "no_secret")


@pytest.mark.parametrize("preset", ["", "unknown"])
def test_a_preset_that_nobody_knows_lets_nobody_in(preset: str) -> None:
    assert refused(preset, signed("github")) == (403, "no_secret")


@pytest.mark.parametrize("preset", TIMED)
@pytest.mark.parametrize(
    ("away", "code"), [(300, ""), (301, "signature_expired"), (-300, ""), (-301, "signature_expired")]
)
def test_a_signature_holds_for_its_window_to_both_sides(preset: str, away: int, code: str) -> None:
    assert refused(preset, signed(preset), now=NOW + away)[1] == code  # a replayed call


@pytest.mark.parametrize("preset", TIMED)
def test_a_time_that_is_changed_is_no_longer_signed(preset: str) -> None:
    headers = {name: value.replace(str(NOW), str(NOW + 5)) for name, value in signed(preset).items()}
    assert refused(preset, headers) == WRONG


@pytest.mark.parametrize("at", ["", "nan", "1e9", "-1", "9" * 5000, "\u0661\u0667\u0660\u0660", "0x10", "1700000000.5"])
def test_a_time_is_digits(at: str) -> None:
    headers = {"X-Slack-Signature": signed("slack")["X-Slack-Signature"], "X-Slack-Request-Timestamp": at}
    assert refused("slack", headers) == WRONG
    assert refused("stripe", {"Stripe-Signature": f"t={at},v1={'0' * 64}"}) == WRONG


@pytest.mark.parametrize(
    ("preset", "headers"),
    [
        ("github", {"X-Hub-Signature": "sha1=" + mac(BODY, algorithm="sha1").hex()}),
        ("github", {"X-Hub-Signature-256": "sha1=" + mac(BODY, algorithm="sha1").hex()}),
        ("github", {"X-Hub-Signature-256": mac(BODY).hex()}),
        ("stripe", {"Stripe-Signature": f"t={NOW},v0={mac(f'{NOW}.'.encode() + BODY).hex()}"}),
        ("stripe", {"Stripe-Signature": f"v1={mac(f'{NOW}.'.encode() + BODY).hex()}"}),
        ("slack", {**signed("slack"), "X-Slack-Signature": signed("slack")["X-Slack-Signature"].replace("v0=", "v1=")}),
        ("svix", {**signed("svix"), "svix-signature": signed("svix")["svix-signature"].replace("v1,", "v1a,")}),
        ("custom", {**signed("custom"), "X-Sig": signed("custom")["X-Sig"].removeprefix("sha512=")}),
    ],
)
def test_a_version_that_is_not_known_is_no_signature(preset: str, headers: dict[str, str]) -> None:
    assert refused(preset, headers) == WRONG


def test_any_of_several_signatures_counts_while_a_secret_is_changed() -> None:
    both = [signed("stripe", key=key)["Stripe-Signature"].split(",")[1] for key in (b"old", SECRET)]
    assert refused("stripe", {"Stripe-Signature": f"t={NOW}, {', '.join(both)}"}) == (0, "")
    many = "v1,bm90 v2,xx " + signed("svix")["svix-signature"]
    assert refused("svix", {**signed("svix"), "svix-signature": many}) == (0, "")
    assert refused("github", signed("github", key=b"old"), secrets=[SECRET, "old"]) == (0, "")


def test_how_a_digest_is_written_makes_no_difference() -> None:
    upper = {"X-Hub-Signature-256": "sha256=" + mac(BODY).hex().upper()}
    assert refused("github", upper) == (0, "")
    bare = {"X-Shopify-Hmac-Sha256": text64(mac(BODY)).rstrip("=")}
    assert refused("shopify", bare) == (0, "")
    standard = {name.replace("svix", "webhook"): value for name, value in signed("svix").items()}
    assert refused("svix", standard) == (0, "")
    assert refused("svix", signed("svix"), secrets=["whsec_!!"]) == (403, "no_secret")
    assert refused("stripe", signed("stripe", key="whsec_abc"), secrets=["whsec_abc"]) == (0, "")


def test_a_signed_webhook_starts_and_one_whose_secret_is_gone_does_not(client: redis.Redis) -> None:
    bench = Bench(client, machines=Machines(ends=lambda _: succeeded()))
    bench.outside.credentials["c1", "webhook_secret"] = {"secret": SECRET}
    signing = {"authentication": "signature", "signature": rules("stripe"), "bodyType": "any", "maxBodyKb": 1}
    bench.methods = {"POST": target(credentialId="c1", **signing)}
    fresh = signed("stripe", at=int(time.time()))
    assert bench(call(body=BODY, headers=fresh))["statusCode"] == 204
    assert bench(call(body=BODY, headers=signed("stripe")))["statusCode"] == 401
    large = b"x" * 1025
    assert bench(call(body=large, headers=signed("stripe", large, int(time.time()))))["statusCode"] == 413
    bench.redis.flushdb()
    bench.methods = {"POST": target(credentialId="gone", **signing)}
    assert bench(call(body=BODY, headers=fresh))["statusCode"] == 403
    assert len(bench.machines.started) == 1


@pytest.mark.parametrize("preset", PRESETS)
def test_a_signed_message_starts_once_whatever_stands_beside_it(client: redis.Redis, preset: str) -> None:
    bench = Bench(client, machines=Machines(ends=lambda _: succeeded()))
    bench.outside.credentials["c1", "webhook_secret"] = {"secret": SVIX if preset == "svix" else SECRET}
    signing = {"authentication": "signature", "signature": rules(preset), "bodyType": "any", "credentialId": "c1"}
    bench.methods = {"POST": target(**signing)}
    fresh = signed(preset, at=int(time.time()))
    assert bench(call(body=BODY, headers=fresh))["statusCode"] == 204
    again = bench(call(body=BODY, headers=fresh))
    assert (again["statusCode"], again["headers"]["idempotent-replayed"]) == (204, "true")
    assert bench(call(body=BODY, headers=fresh, query="a=1"))["statusCode"] == 204
    assert len(bench.machines.started) == 1
    # A key of one's own is not signed: the first with one binds the message to it.
    other = b'{"n": 2}'
    signs = signed(preset, other, int(time.time()))
    keyed = [bench(call(body=other, headers={**signs, "Idempotency-Key": key})) for key in ("k1", "k1", "k2")]
    assert [answer["statusCode"] for answer in keyed] == [204, 204, 409]
    assert content(keyed[2])["code"] == "message_replayed"
    assert len(bench.machines.started) == 2
    # Nor is what the webhook takes for its key.
    bench.redis.flushdb()
    bench.methods = {"POST": target(idempotencyKey='{{ $json.headers["x-delivery"] }}', **signing)}
    third = b'{"n": 3}'
    signs = signed(preset, third, int(time.time()))
    named = [bench(call(body=third, headers={**signs, "X-Delivery": key})) for key in ("d1", "d1", "d2")]
    assert [answer["statusCode"] for answer in named] == [204, 204, 409]
    assert len(bench.machines.started) == 3


def test_a_body_signed_without_a_time_in_a_way_of_ones_own_may_come_twice(client: redis.Redis) -> None:
    bench = Bench(client, machines=Machines(ends=lambda _: succeeded()))
    bench.outside.credentials["c1", "webhook_secret"] = {"secret": SECRET}
    own = {**rules("custom"), "timeHeader": "", "content": "{body}"}
    bench.methods = {"POST": target(authentication="signature", signature=own, bodyType="any", credentialId="c1")}
    headers = {"X-Sig": f"sha512={text64(mac(BODY, algorithm='sha512'))}"}
    assert [bench(call(body=BODY, headers=headers))["statusCode"] for _ in range(2)] == [204, 204]
    assert len(bench.machines.started) == 2


def test_a_signed_message_that_started_nothing_may_come_again(client: redis.Redis) -> None:
    bench = Bench(client, machines=Machines(ends=lambda _: succeeded()))
    bench.outside.credentials["c1", "webhook_secret"] = {"secret": SECRET}
    signing = {"authentication": "signature", "signature": rules("github"), "bodyType": "json", "credentialId": "c1"}
    bench.methods = {"POST": target(paused=True, **signing)}
    fresh = signed("github")
    assert bench(call(body=BODY, headers=fresh))["statusCode"] == 503
    bench.redis.delete(*bench.redis.keys("hook*"))
    bench.methods = {"POST": target(**signing)}
    assert bench(call(body=BODY, headers=fresh))["statusCode"] == 204
    assert len(bench.machines.started) == 1


# Tokens

SHARED = "a secret that two know, of 32 letters"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = (
    RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
)


def token(claims: dict[str, Any] | None = None, key: Any = SHARED, algorithm: str = "HS256", **more: Any) -> str:
    return jwt.encode({"sub": "ada", "exp": time.time() + 60, **(claims or {})}, key, algorithm, **more)


def unsigned(header: dict[str, Any], claims: dict[str, Any], key: bytes | None = None) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    digest = hmac.new(key, b".".join(parts), hashlib.sha256).digest() if key is not None else b""
    return b".".join([*parts, base64.urlsafe_b64encode(digest).rstrip(b"=")]).decode()


def with_token(client: redis.Redis, given: str, **credential: Any) -> tuple[dict[str, Any], Bench]:
    bench = Bench(client, machines=Machines(ends=lambda _: succeeded()))
    data = {"algorithm": "HS256", "secret": SHARED, "expiry": "required", "leewaySeconds": 0, **credential}
    bench.outside.credentials["j1", "webhook_jwt"] = data
    bench.methods = {"POST": target(authentication="jwt", credentialId="j1")}
    return bench(call(body={}, headers={"Authorization": given})), bench


def test_a_token_lets_in_and_its_claims_are_there_and_the_token_is_not(client: redis.Redis) -> None:
    answer, bench = with_token(client, f"bearer {token({'roles': ['a']})}")
    assert answer["statusCode"] == 204
    assert (bench.item["jwt"]["sub"], bench.item["jwt"]["roles"]) == ("ada", ["a"])
    assert "authorization" not in bench.item["headers"]


@pytest.mark.parametrize("pem", [PEM, PEM.replace("\n", " "), PEM.replace("\n", ""), PEM.replace("\n", "\\n")])
def test_a_public_key_is_read_however_a_form_left_it(client: redis.Redis, pem: str) -> None:
    made = token(key=RSA, algorithm="RS256")
    credential = {"algorithm": "RS256", "publicKey": pem, "secret": ""}
    assert with_token(client, f"Bearer {made}", **credential)[0]["statusCode"] == 204


DEEP = base64.urlsafe_b64encode(b"[" * 100_000).decode().rstrip("=")


@pytest.mark.parametrize(
    ("given", "credential"),
    [
        ("", {}),
        (f"Bearer {token({'x': 'x' * 60_000})}", {}),
        (f"Bearer {token(headers={'crit': ['exp']})}", {}),
        ("Bearer", {}),
        ("Bearer  ", {}),
        (f"Basic {token()}", {}),
        ("Bearer a.b.c", {}),
        (f"Bearer {DEEP}.{DEEP}.{DEEP}", {}),
        (f"Bearer {token(key='x' * 40)}", {}),
        (f"Bearer {token()}x", {}),
        (f"Bearer {token({'exp': time.time() - 1})}", {}),
        (f"Bearer {token({'exp': 'soon'})}", {}),
        (f"Bearer {unsigned({'alg': 'HS256'}, {}, SHARED.encode())}", {}),
        (f"Bearer {unsigned({'alg': 'HS256'}, {'exp': 9e9, 'n': float('inf')}, SHARED.encode())}", {}),
        (f"Bearer {token({'nbf': time.time() + 60})}", {}),
        (f"Bearer {token({'iss': 'other'})}", {"issuer": "shop"}),
        (f"Bearer {token()}", {"issuer": "shop"}),
        (f"Bearer {token({'aud': ['other']})}", {"audience": "hooks"}),
        (f"Bearer {token()}", {"audience": "hooks"}),
        (f"Bearer {unsigned({'alg': 'none'}, {'exp': 9e9})}", {}),
        (f"Bearer {token(algorithm='HS512', key=SHARED * 2)}", {"secret": SHARED * 2}),
        # A public key, which anybody has, as if it were a secret.
        (f"Bearer {unsigned({'alg': 'HS256'}, {'exp': 9e9}, PEM.encode())}", {"algorithm": "RS256", "publicKey": PEM}),
    ],
)
def test_a_token_that_is_not_right_lets_nobody_in(client: redis.Redis, given: str, credential: dict[str, Any]) -> None:
    answer, bench = with_token(client, given, **credential)
    assert (answer["statusCode"], content(answer)["code"]) == (401, "not_allowed")
    assert answer["headers"]["www-authenticate"].startswith("Bearer")
    assert bench.machines.started == []


@pytest.mark.parametrize(
    "credential",
    [{"secret": ""}, {"algorithm": "RS256", "publicKey": SHARED}, {"algorithm": "ES256", "publicKey": PEM}],
)
def test_a_key_that_is_none_lets_nobody_in(client: redis.Redis, credential: dict[str, Any]) -> None:
    assert with_token(client, f"Bearer {token()}", **credential)[0]["statusCode"] in (401, 403)


def test_a_token_is_checked_with_the_key_of_its_issuers_set(
    client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    monkeypatch.setattr(bearers, "KEY_SETS", KeySets())
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    keys = {"keys": [{**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(RSA.public_key())), "kid": "k1"}]}
    with web_server() as web:
        web.routes["/jwks"] = lambda it: it.answer(200, json.dumps(keys).encode())
        issuer = {"jwksUrl": web.url("/jwks"), "secret": SHARED}

        def status(given: str, **more: Any) -> int:
            answer, bench = with_token(client, f"Bearer {given}", **{**issuer, **more})
            assert bool(bench.machines.started) is (answer["statusCode"] < 300)
            return int(answer["statusCode"])

        good = token(key=RSA, algorithm="RS256", headers={"kid": "k1"})
        assert status(good) == 204
        assert status(token(key=RSA, algorithm="RS256")) == 204  # there is one key only
        assert status(token()) == 401  # the shared secret counts no more
        assert status(token(key=RSA, algorithm="RS256", headers={"kid": "k2"})) == 401
        assert status(token(key=other, algorithm="RS256", headers={"kid": "k1", "jku": web.url("/evil")})) == 401
        assert status(unsigned({"alg": "HS256", "kid": "k1"}, {"exp": 9e9}, PEM.encode())) == 401
        assert status(unsigned({"alg": "none", "kid": "k1"}, {"exp": 9e9})) == 401
        assert status(good, audience="hooks") == 401
        theirs = token({"aud": "another customer"}, RSA, "RS256", headers={"kid": "k1"})
        assert [status(theirs), status(theirs, audience="another customer")] == [401, 204]
        assert {it.path for it in web.asked} == {"/jwks"}
        answer, bench = with_token(client, f"Bearer {good}", jwksUrl=web.url("/gone"))
        assert (answer["statusCode"], content(answer)["code"]) == (503, "no_credential")
        assert (answer["headers"]["retry-after"], bench.machines.started) == ("10", [])


# Addresses


@pytest.mark.parametrize(
    ("caller", "networks", "is_in"),
    [
        ("203.0.113.9", ["203.0.113.0/24"], True),
        ("203.0.114.9", ["203.0.113.0/24"], False),
        ("::ffff:203.0.113.9", ["203.0.113.0/24"], True),
        ("2001:DB8:0::7", ["2001:db8::/32"], True),
        ("2001:db9::7", ["2001:db8::/32", "10.0.0.0/8"], False),
        ("fe80::1%eth0", ["fe80::/10"], True),
        ("203.0.113.9", ["0.0.0.0/0"], True),
        ("2001:db8::1", ["0.0.0.0/0"], False),
        ("203.000.113.009", ["203.0.113.0/24"], False),
        ("203.0.113.9, 10.0.0.1", ["203.0.113.0/24"], False),
        ("3405803785", ["203.0.113.0/24"], False),
        ("", ["0.0.0.0/0"], False),
        ("unknown", ["0.0.0.0/0"], False),
    ],
)
def test_an_address_is_within_a_network_or_nobody_is_let_in(caller: str, networks: list[str], is_in: bool) -> None:
    assert is_within(caller, tuple(networks)) is is_in


def test_the_edge_says_where_a_call_is_from_and_no_header_of_the_caller(client: redis.Redis) -> None:
    bench = Bench(client, methods={"POST": target(networks=["203.0.113.0/24"])})
    forged = {"X-Forwarded-For": "203.0.113.9, 203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    for headers in (forged, {**forged, "X-Stepweave-Caller": "198.51.100.1"}):
        answer = bench(call(body={}, headers=headers))
        assert (answer["statusCode"], content(answer)["code"]) == (403, "address_not_allowed")
    answer = bench(call(body={}, headers={"X-Forwarded-For": "198.51.100.1", "X-Stepweave-Caller": "203.0.113.9"}))
    assert answer["statusCode"] == 204
    direct = call(body={})
    direct["requestContext"]["http"]["sourceIp"] = "203.0.113.77"
    assert bench(direct)["statusCode"] == 204


# How often


def test_more_calls_than_are_let_in_are_told_when_to_come_again(client: redis.Redis) -> None:
    limited = target(rate={"calls": 2, "seconds": 60, "per": "webhook"})
    bench = Bench(client, methods={"POST": limited, "PUT": {**limited, "nodeId": "other"}})
    statuses = [bench(call(body={}))["statusCode"] for _ in range(4)]
    assert statuses == [204, 204, 429, 429]
    answer = bench(call(body={}))
    assert content(answer)["code"] == "too_many_calls"
    assert 1 <= int(answer["headers"]["retry-after"]) <= 60
    assert bench(call(body={}, method="PUT"))["statusCode"] == 204


def test_each_address_may_have_a_limit_of_its_own_and_strangers_use_up_nothing(client: redis.Redis) -> None:
    rate = {"calls": 1, "seconds": 60, "per": "caller"}
    bench = Bench(client)
    bench.outside.credentials["c1", "http_header"] = {"name": "X-Key", "value": "k"}
    bench.methods = {"POST": target(rate=rate, authentication="header", credentialId="c1")}

    def status(address: str, key: str) -> int:
        headers = {"X-Stepweave-Caller": address, "X-Key": key}
        return int(bench(call(body={}, headers=headers))["statusCode"])

    assert [status("192.0.2.1", key) for key in ("wrong", "wrong", "k", "k")] == [401, 401, 204, 429]
    assert status("192.0.2.2", "k") == 204
    assert bench.machines.started[0]["input"]["context"]["tenantId"] == TENANT_ID


def test_who_guesses_a_secret_is_refused_by_their_address(client: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(client)
    bench.outside.credentials["c1", "http_header"] = {"name": "X-Key", "value": "k"}
    bench.methods = {"POST": target(authentication="header", credentialId="c1")}
    monkeypatch.setattr(rates, "GUESSES", Rate("hook-guesses", 3, 3600))
    monkeypatch.setattr(rates, "ALL_GUESSES", Rate("hook-guesses-all", 5, 3600))

    def status(caller: str, key: str) -> int:
        return int(bench(call(body={}, headers={"X-Stepweave-Caller": caller, "X-Key": key}))["statusCode"])

    assert [status("192.0.2.1", key) for key in ("a", "b", "k", "c", "d", "k")] == [401, 401, 204, 401, 429, 429]
    assert status("192.0.2.2", "k") == 204  # others are not held up
    assert [status(f"192.0.2.{n}", "wrong") for n in range(3, 7)] == [401, 401, 429, 429]
    assert status("192.0.2.7", "k") == 204  # nor who knows it, while many guess
    refused = bench(call(body={}, headers={"X-Stepweave-Caller": "192.0.2.1"}))
    assert content(refused)["code"] == "too_many_calls"
    assert refused["headers"]["retry-after"]


def test_a_plan_without_room_refuses_and_an_outage_loses_no_call(
    client: redis.Redis, tenants: tuple[Tenant, Tenant], databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWEAVE_DATABASE_URL", databases.app)
    quotas._link().close()  # another test's
    quotas._link.cache_clear()
    tenant = str(tenants[0].id)
    bench = Bench(client, methods={"POST": target()})
    bench.room = lambda _, *, awaited: quotas.Plans(client).check(tenant, awaited=awaited)
    assert bench(call(body={}))["statusCode"] == 204
    with psycopg.connect(databases.owner) as connection:
        connection.execute("""INSERT INTO plans VALUES ('none', '{"executions": 0}')""")
        connection.execute("UPDATE tenants SET plan = 'none' WHERE id = %s", (tenant,))
    assert bench(call(body={}))["statusCode"] == 204  # known for a moment
    client.flushdb()
    refused = bench(call(body={}))
    assert (refused["statusCode"], content(refused)["code"]) == (429, "quota_reached")
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE tenants SET plan = 'unlimited' WHERE id = %s", (tenant,))
        connection.execute("DELETE FROM plans WHERE name = 'none'")
    quotas._link().close()
    away = quotas.Plans(redis.Redis.from_url("redis://127.0.0.1:1"))
    bench.room = lambda _, *, awaited: away.check(tenant, awaited=awaited)
    assert bench(call(body={}))["statusCode"] == 204
    quotas._link().close()
    quotas._link.cache_clear()
