"""The JWT node with an issuer's key set (JWKS), on a real HTTP server: which key counts, and what attackers send."""

import base64
import gzip
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from functions.nodes.data.jwt import run as node
from functions.nodes.data.jwt.errors import TokenInvalid
from functions.nodes.data.jwt.run import run
from functions.nodes.data.jwt.spec import SPEC
from stepweave.runtime.errors import NodeError
from stepweave.runtime.http_errors import HttpServerError, ResponseInvalid
from stepweave.runtime.jwks import KeySets
from stepweave.runtime.network import AddressForbidden
from tests.fakes.steps import Bench, items
from tests.fakes.web import Web

RSA_1, RSA_2 = (rsa.generate_private_key(65537, 2048) for _ in range(2))
P256, ED = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()
CLAIMS = {"sub": "ada", "exp": 4_000_000_000}


def number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).decode().rstrip("=")


def published(key: Any, kid: str | None, **more: Any) -> dict[str, Any]:
    public = key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        told = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(public))
    elif isinstance(public, ec.EllipticCurvePublicKey):
        told = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(public))
    else:
        told = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(public))
    told.pop("key_ops", None)
    return {**told, **({} if kid is None else {"kid": kid}), **more}


def signed(key: Any, algorithm: str, kid: Any = "k1", claims: Any = None, **header: Any) -> str:
    headers = {**({} if kid is None else {"kid": kid}), **header}
    return jwt.encode(CLAIMS if claims is None else claims, key, algorithm, headers)


def part(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def raw(header: Any, claims: Any, key: Any = RSA_1) -> str:
    """Return a token of any header, signed with RS256, or as an HMAC with bytes."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    head = f"{part(header)}.{part(claims)}"
    if isinstance(key, bytes):
        signature = hmac.digest(key, head.encode(), "sha256")
    else:
        signature = key.sign(head.encode(), PKCS1v15(), SHA256())
    return f"{head}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


class Issuer:
    """A key set on a server, and the node that trusts it."""

    def __init__(self, web: Web, *keys: dict[str, Any]) -> None:
        self.web, self.keys, self.status = web, list(keys), 200
        self.url = web.url("/jwks.json")
        web.routes["/jwks.json"] = lambda it: it.answer(
            self.status, json.dumps({"keys": self.keys}).encode(), content_type="application/json"
        )

    @property
    def asked(self) -> int:
        return sum(it.path == "/jwks.json" for it in self.web.asked)

    def verify(self, token: str, **params: Any) -> Any:
        bench = Bench(SPEC, run)
        bench.outside.credentials["k", "jwt_key"] = {"algorithm": "HS256", "jwksUrl": self.url}
        given = {"operation": "verify", "credential": "k", "token": token, **params}
        return bench.json(given, items({}))[0]["token"]

    def reason(self, token: str, **params: Any) -> str:
        with pytest.raises(TokenInvalid) as caught:
            self.verify(token, **params)
        return str(caught.value.details["reason"])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that a test moves: `clock[0] += 30`."""
    moved = [0.0]
    monotonic = time.monotonic
    monkeypatch.setattr("stepweave.runtime.jwks.time.monotonic", lambda: monotonic() + moved[0])
    return moved


@pytest.fixture
def issuer(web: Web, monkeypatch: pytest.MonkeyPatch) -> Issuer:
    monkeypatch.setattr(node, "KEY_SETS", KeySets())
    return Issuer(web, published(RSA_1, "k1", use="sig", alg="RS256"), published(P256, "k2"), published(ED, "k3"))


def test_a_token_is_verified_with_the_key_that_it_names_by_that_keys_algorithm(issuer: Issuer) -> None:
    assert issuer.verify(signed(RSA_1, "RS256")) == CLAIMS
    assert issuer.verify(signed(P256, "ES256", "k2")) == CLAIMS
    assert issuer.verify(f"Bearer {signed(ED, 'EdDSA', 'k3')}") == CLAIMS
    assert issuer.asked == 1


def test_a_key_without_an_algorithm_is_for_those_of_its_kind(issuer: Issuer) -> None:
    issuer.keys = [published(RSA_1, "k1"), published(P256, "k2", alg="ES384")]
    assert issuer.verify(signed(RSA_1, "PS512")) == CLAIMS
    assert issuer.reason(signed(P256, "ES256", "k2")) == "unknownKey"  # the key says what it cannot be


PUBLIC = RSA_1.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
NOW = int(time.time())
OCT = {"kty": "oct", "k": part("attacker"), "kid": "k1", "alg": "HS256"}
EVIL = published(RSA_2, "k1")

ATTACKS: list[tuple[str, str, dict[str, Any], str]] = [
    ("alg none", f"{part({'alg': 'none', 'kid': 'k1'})}.{part(CLAIMS)}.", {}, "algorithm"),
    ("alg NoNe", f"{part({'alg': 'NoNe', 'kid': 'k1'})}.{part(CLAIMS)}.", {}, "algorithm"),
    ("no alg", raw({"kid": "k1"}, CLAIMS), {}, "algorithm"),
    ("HS256 with the public key", raw({"alg": "HS256", "kid": "k1"}, CLAIMS, PUBLIC), {}, "algorithm"),
    ("HS256 with its modulus", raw({"alg": "HS256", "kid": "k1"}, CLAIMS, EVIL["n"].encode()), {}, "algorithm"),
    ("another algorithm of the key's kind", signed(RSA_1, "PS256"), {}, "algorithm"),
    ("an algorithm of another kind", raw({"alg": "ES256", "kid": "k1"}, CLAIMS), {}, "algorithm"),
    ("another key's signature", signed(RSA_2, "RS256"), {}, "signature"),
    ("kid of another key", signed(RSA_1, "RS256", "k2"), {}, "algorithm"),
    ("kid that leads to a file", signed(RSA_2, "RS256", "../../../../dev/null"), {}, "unknownKey"),
    ("kid that is SQL", signed(RSA_2, "RS256", "x' UNION SELECT 'key"), {}, "unknownKey"),
    ("kid that is a URL", signed(RSA_2, "RS256", "http://127.0.0.1/evil"), {}, "unknownKey"),
    ("kid that is a list", raw({"alg": "RS256", "kid": ["k1"]}, CLAIMS), {}, "malformed"),
    ("no kid", signed(RSA_1, "RS256", None), {}, "unknownKey"),
    ("jku", signed(RSA_2, "RS256", jku="http://127.0.0.1:1/evil.json"), {}, "signature"),
    ("x5u", signed(RSA_2, "RS256", x5u="http://127.0.0.1:1/evil.pem"), {}, "signature"),
    ("jwk in the header", signed(RSA_2, "RS256", jwk=EVIL), {}, "signature"),
    ("x5c in the header", signed(RSA_2, "RS256", x5c=["MIIB"]), {}, "signature"),
    ("crit", signed(RSA_1, "RS256", crit=["exp"]), {}, "malformed"),
    ("b64 is false", raw({"alg": "RS256", "kid": "k1", "b64": False, "crit": ["b64"]}, CLAIMS), {}, "malformed"),
    ("empty signature", signed(RSA_1, "RS256").rpartition(".")[0] + ".", {}, "signature"),
    ("a signature of zeros", f"{part({'alg': 'ES256', 'kid': 'k2'})}.{part(CLAIMS)}.{'A' * 86}", {}, "signature"),
    ("no signature", signed(RSA_1, "RS256").rpartition(".")[0], {}, "malformed"),
    ("four parts", signed(RSA_1, "RS256") + ".x", {}, "malformed"),
    ("encrypted (JWE)", f"{part({'alg': 'dir', 'enc': 'A256GCM'})}..a.b.c", {}, "malformed"),
    ("claims changed", ".".join([signed(RSA_1, "RS256").split(".")[0], part({"sub": "eve"}), "AA"]), {}, "signature"),
    ("duplicate claims", raw({"alg": "RS256", "kid": "k1"}, '{"sub": "ada", "sub": "eve"}'), {}, "malformed"),
    ("duplicate alg", raw('{"alg": "RS256", "alg": "none", "kid": "k1"}', CLAIMS), {}, "malformed"),
    ("expired", signed(RSA_1, "RS256", claims={"exp": NOW - 10}), {}, "expired"),
    ("exp as text", signed(RSA_1, "RS256", claims={"exp": "never"}), {}, "malformed"),
    ("not valid yet", signed(RSA_1, "RS256", claims={"nbf": NOW + 1000}), {}, "notYetValid"),
    ("another issuer", signed(RSA_1, "RS256", claims={"iss": "https://evil/"}), {"issuer": "https://good/"}, "issuer"),
    ("issuer as a list", raw({"alg": "RS256", "kid": "k1"}, {"iss": ["us"]}), {"issuer": "us"}, "issuer"),
    ("another audience", signed(RSA_1, "RS256", claims={"aud": ["other"]}), {"audience": "shop"}, "audience"),
    ("an audience, none expected", signed(RSA_1, "RS256", claims={"aud": "shop"}), {}, "audience"),
    ("part of the audience", signed(RSA_1, "RS256", claims={"aud": "shopping"}), {"audience": "shop"}, "audience"),
    ("huge", signed(RSA_1, "RS256", claims={"x": "x" * 60_000}), {}, "malformed"),
    ("deep", f"{part('[' * 9000)}.{part('[' * 9000)}.AA", {}, "malformed"),
    ("no object", f"{part('[]')}.{part('7')}.AA", {}, "malformed"),
    ("not base64", "ä.ö.ü", {}, "malformed"),
    ("line breaks", signed(RSA_1, "RS256").replace(".", "\n.", 1), {}, "malformed"),
]


@pytest.mark.parametrize(("token", "params", "reason"), [one[1:] for one in ATTACKS], ids=[one[0] for one in ATTACKS])
def test_an_attack_is_refused_and_leads_to_no_other_server(
    issuer: Issuer, token: str, params: dict[str, Any], reason: str
) -> None:
    found = issuer.reason(token, **params)
    assert found == reason
    assert {it.path for it in issuer.web.asked} <= {"/jwks.json"}


@pytest.mark.parametrize(
    "key",
    [
        OCT,
        {**published(RSA_1, "k1"), "use": "enc"},
        {**published(RSA_1, "k1"), "key_ops": ["encrypt"]},
        {**published(RSA_1, "k1"), "alg": "HS256"},
        {**published(RSA_1, "k1"), "alg": "RSA-OAEP"},
        {**published(RSA_1, "k1"), "n": "AQAB"},
        {**published(RSA_1, "k1"), "kid": 7},
        {"kty": "RSA", "kid": "k1"},
        published(rsa.generate_private_key(65537, 1024), "k1"),
        {"kty": "EC", "crv": "P-192", "x": "AA", "y": "AA", "kid": "k1"},
        {**published(P256, "k1"), "x": number(3), "y": number(4)},
        "k1",
        None,
    ],
)
def test_a_key_that_is_none_for_signatures_counts_for_nothing(issuer: Issuer, key: Any) -> None:
    issuer.keys = [key]
    assert issuer.reason(raw({"alg": "HS256", "kid": "k1"}, CLAIMS, b"attacker")) == "unknownKey"
    assert issuer.reason(signed(RSA_1, "RS256")) == "unknownKey"


def test_of_keys_that_share_an_id_the_one_for_the_algorithm_counts(issuer: Issuer) -> None:
    issuer.keys = [published(P256, "k1"), published(RSA_1, "k1"), published(ED, "k1")]
    for key, algorithm in ((RSA_1, "RS256"), (ED, "EdDSA"), (P256, "ES256")):
        assert issuer.verify(signed(key, algorithm)) == CLAIMS
    assert issuer.reason(raw({"alg": "HS256", "kid": "k1"}, CLAIMS, PUBLIC)) == "algorithm"


def test_a_token_with_padding_is_one(issuer: Issuer) -> None:
    head, claims = (
        base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in ({"alg": "ES256", "kid": "k2"}, CLAIMS)
    )
    signature = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256).sign(f"{head}.{claims}".encode(), P256)
    assert issuer.verify(f"{head}.{claims}.{base64.urlsafe_b64encode(signature).decode()}") == CLAIMS


def test_a_set_may_be_packed_and_begin_with_a_mark(issuer: Issuer) -> None:
    body = gzip.compress(b"\xef\xbb\xbf" + json.dumps({"keys": issuer.keys, "x": 1}).encode())
    issuer.web.routes["/jwks.json"] = lambda it: it.answer(200, body, content_encoding="gzip")
    assert issuer.verify(signed(RSA_1, "RS256")) == CLAIMS


def test_a_token_without_a_kid_is_verified_where_there_is_one_key_only(issuer: Issuer) -> None:
    issuer.keys = [published(RSA_1, None), OCT]
    assert issuer.verify(signed(RSA_1, "RS256", None)) == CLAIMS
    assert issuer.reason(signed(RSA_2, "RS256", None)) == "signature"


def test_a_private_key_in_the_set_is_taken_as_the_public_one(issuer: Issuer) -> None:
    private = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(RSA_1))
    private.pop("key_ops", None)
    issuer.keys = [{**private, "kid": "k1"}]
    assert issuer.verify(signed(RSA_1, "RS256")) == CLAIMS


def test_a_key_that_is_not_there_has_the_set_asked_for_once_more(issuer: Issuer, clock: list[float]) -> None:
    new = signed(RSA_2, "RS256", "k9")
    assert issuer.verify(signed(RSA_1, "RS256")) == CLAIMS
    assert (issuer.reason(new), issuer.asked) == ("unknownKey", 1)  # it came a moment ago
    clock[0] += 31
    assert (issuer.reason(new), issuer.asked) == ("unknownKey", 2)
    assert [issuer.reason(signed(RSA_2, "RS256", f"made up {n}")) for n in range(5)] == ["unknownKey"] * 5
    assert issuer.asked == 2  # who invents keys makes nobody ask more often
    issuer.keys.append(published(RSA_2, "k9"))
    clock[0] += 31
    assert (issuer.verify(new), issuer.asked) == (CLAIMS, 3)
    issuer.keys = issuer.keys[1:]
    clock[0] += 299
    assert (issuer.verify(signed(RSA_1, "RS256")), issuer.asked) == (CLAIMS, 3)
    clock[0] += 2
    assert (issuer.reason(signed(RSA_1, "RS256")), issuer.asked) == ("unknownKey", 4)  # taken back by the issuer


def test_an_issuer_that_does_not_answer_leaves_the_keys_for_an_hour(issuer: Issuer, clock: list[float]) -> None:
    token = signed(RSA_1, "RS256")
    assert issuer.verify(token) == CLAIMS
    issuer.status = 500
    clock[0] += 301
    assert [issuer.verify(token) for _ in range(3)] == [CLAIMS] * 3
    assert issuer.asked == 2
    clock[0] += 3300
    with pytest.raises(HttpServerError):
        issuer.verify(token)
    with pytest.raises(HttpServerError):
        issuer.verify(token)
    assert issuer.asked == 3
    issuer.status = 200
    clock[0] += 11
    assert issuer.verify(token) == CLAIMS


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"<html>", 200, "no set of keys"),
        (b'{"keys": {}}', 200, "no set of keys"),
        (b"[]", 200, "no set of keys"),
        (b"[" * 100_000, 200, "no set of keys"),
        (b"", 302, "status 302"),
        (b"", 204, "status 204"),
    ],
)
def test_what_is_no_set_says_so(issuer: Issuer, body: bytes, status: int, words: str) -> None:
    issuer.web.routes["/jwks.json"] = lambda it: it.answer(status, body, location="/elsewhere")
    with pytest.raises(ResponseInvalid, match=words) as caught:
        issuer.verify(signed(RSA_1, "RS256"))
    assert caught.value.remedy
    assert [it.path for it in issuer.web.asked] == ["/jwks.json"]


def test_a_set_inside_a_private_network_or_without_encryption_is_not_asked_for(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    kinds: dict[str, type[NodeError]] = {
        "http://example.com/jwks": ResponseInvalid,
        "https://127.0.0.1/jwks": AddressForbidden,
        "https://169.254.169.254/latest": AddressForbidden,
    }
    for url, kind in kinds.items():
        issuer.url = url
        with pytest.raises(kind):
            issuer.verify(signed(RSA_1, "RS256"))


def test_signing_goes_on_with_the_credentials_own_key(issuer: Issuer) -> None:
    private = RSA_1.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    bench = Bench(SPEC, run)
    account = {"algorithm": "RS256", "privateKey": private, "jwksUrl": issuer.url}
    bench.outside.credentials["k", "jwt_key"] = account
    token = bench.json({"operation": "sign", "credential": "k", "subject": "ada", "keyId": "k1"}, items({}))[0]["token"]
    assert issuer.verify(token)["sub"] == "ada"
