"""The JWT node: what it signs it verifies, and what attackers send it refuses."""

import base64
import hmac
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from functions.nodes.data.jwt.errors import KeyInvalid, TokenInvalid
from functions.nodes.data.jwt.run import run
from functions.nodes.data.jwt.spec import SPEC
from stepweave.runtime.errors import ValueMismatch
from tests.fakes.steps import Bench, items

SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
HS: dict[str, Any] = {"algorithm": "HS256", "secret": SECRET}


def pair(key: Any) -> dict[str, str]:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return {"privateKey": private, "publicKey": public}


RSA = pair(rsa.generate_private_key(65537, 2048))
P256 = pair(ec.generate_private_key(ec.SECP256R1()))
P384 = pair(ec.generate_private_key(ec.SECP384R1()))
ED = pair(ed25519.Ed25519PrivateKey.generate())


def made(operation: str, account: dict[str, Any] | None = None, **more: Any) -> Any:
    node = Bench(SPEC, run)
    params = {"operation": operation, **more}
    if account is not None:
        node.outside.credentials["k", "jwt_key"] = account
        params["credential"] = "k"
    return node.json(params, items({}))[0]["token"]


def part(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def forged(header: Any, payload: Any, key: bytes = SECRET.encode()) -> str:
    head = f"{part(header)}.{part(payload)}"
    return f"{head}.{base64.urlsafe_b64encode(hmac.digest(key, head.encode(), 'sha256')).decode().rstrip('=')}"


def reason_of(account: dict[str, Any], token: str, **more: Any) -> str:
    with pytest.raises(TokenInvalid) as caught:
        made("verify", account, token=token, **more)
    return str(caught.value.details["reason"])


@pytest.mark.parametrize(
    "account",
    [
        HS,
        {"algorithm": "HS512", "secret": base64.b64encode(b"k" * 64).decode(), "secretIsBase64": True},
        {"algorithm": "RS256", **RSA},
        {"algorithm": "PS384", **RSA},
        {"algorithm": "ES256", **P256},
        {"algorithm": "ES384", **P384},
        {"algorithm": "EdDSA", **ED},
        {"algorithm": "ES256", "privateKey": P256["privateKey"]},
    ],
    ids=lambda account: account["algorithm"],
)
def test_what_is_signed_is_verified(account: dict[str, Any]) -> None:
    given = {"claims": {"role": "admin"}, "subject": "ada", "issuer": "us", "audience": "shop, app", "keyId": "k1"}
    token = made("sign", account, **given)
    claims = made("verify", account, token=f"Bearer {token}", issuer="us", audience="app")
    assert claims.pop("exp") - claims.pop("iat") == 3600
    assert claims == {"role": "admin", "sub": "ada", "iss": "us", "aud": ["shop", "app"]}
    whole = made("verify", account, token=token, audience="app", complete=True)
    assert whole["header"] == {"alg": account["algorithm"], "typ": "JWT", "kid": "k1"}
    assert whole["signature"] == token.rpartition(".")[2]
    assert reason_of(account, token[:-6] + "AAAAAA", audience="app") == "signature"


def test_attacks_on_the_algorithm_are_refused() -> None:
    now = {"sub": "ada"}
    rs = {"algorithm": "RS256", **RSA}
    public = RSA["publicKey"].encode()
    for header in ({"alg": "none"}, {"alg": "None"}, {"alg": "nOnE", "typ": "JWT"}):
        assert reason_of(HS, f"{part(header)}.{part(now)}.") == "algorithm"
    assert reason_of(rs, forged({"alg": "HS256"}, now, public)) == "algorithm"
    assert reason_of(HS, forged({"alg": "HS512"}, now)) == "algorithm"
    assert reason_of(HS, forged({"alg": "RS256"}, now)) == "algorithm"
    assert reason_of(HS, forged({}, now)) in ("algorithm", "malformed")
    assert reason_of(HS, forged({"alg": ["HS256"]}, now)) in ("algorithm", "malformed")
    assert reason_of(HS, forged({"alg": "HS256", "crit": ["x"], "x": 1}, now)) in ("claim", "malformed")
    other = {"jwk": {"kty": "oct", "k": part("a")}, "jku": "http://127.0.0.1/keys", "kid": "../../etc/passwd"}
    assert reason_of(HS, forged({"alg": "HS256", **other}, now, b"a")) == "signature"
    with pytest.raises(KeyInvalid, match="not one for HS256"):
        made("verify", {"algorithm": "HS256", "secret": RSA["publicKey"]}, token=forged({"alg": "HS256"}, now, public))


@pytest.mark.parametrize(
    ("claims", "more", "reason"),
    [
        ({"exp": 1}, {}, "expired"),
        (lambda now: {"exp": now - 5}, {"leeway": 60}, ""),
        ({"exp": 1}, {"ignoreExpiration": True}, ""),
        (lambda now: {"nbf": now + 1000}, {}, "notYetValid"),
        (lambda now: {"nbf": now + 1000}, {"ignoreNotBefore": True}, ""),
        (lambda now: {"iat": now + 1000}, {}, "notYetValid"),
        ({"exp": "soon"}, {}, "malformed"),
        ({"exp": [1]}, {}, "malformed"),
        ('{"exp": 1e400}', {}, "malformed"),
        ('{"exp": NaN}', {}, "malformed"),
        ({"exp": 10**400}, {}, ""),
        ({"iss": "them"}, {"issuer": "us"}, "issuer"),
        ({}, {"issuer": "us"}, "missingClaim"),
        ({"aud": "shop"}, {}, "audience"),
        ({"aud": "shop"}, {"audience": "app"}, "audience"),
        ({"aud": {"$ne": 1}}, {"audience": "app"}, "audience"),
        ({}, {"audience": "app"}, "missingClaim"),
        ({}, {"required": "exp, sub"}, "missingClaim"),
        ({"sub": 5}, {}, "claim"),
        ("[1]", {}, "malformed"),
        ("{", {}, "malformed"),
        ("5", {}, "malformed"),
        ('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", {}, "malformed"),
    ],
    ids=lambda value: "" if callable(value) else str(value)[:40],
)
def test_claims_are_checked(claims: Any, more: dict[str, Any], reason: str) -> None:
    token = forged({"alg": "HS256", "typ": "JWT"}, claims(time.time()) if callable(claims) else claims)
    if reason:
        assert reason_of(HS, token, **more) == reason
    else:
        made("verify", HS, token=token, **more)


@pytest.mark.parametrize(
    "token", ["a", "a.b", "a.b.c", "..", "a.b.c.d.e", "é.é.é", "\x00", "eyJ.eyJ.", "." * 1000, "null", "A" * 100_000]
)
def test_what_is_no_token_is_said_so(token: str) -> None:
    assert reason_of(HS, token) == "malformed"
    with pytest.raises(TokenInvalid, match="This is no token"):
        made("decode", token=token)


def test_a_token_is_read_without_its_key() -> None:
    token = forged({"alg": "none"}, {"exp": 1, "aud": "x", "__proto__": {"a": 1}})
    assert made("decode", token=token) == {"exp": 1, "aud": "x", "__proto__": {"a": 1}}
    assert made("decode", token=token, complete=True)["header"] == {"alg": "none"}


@pytest.mark.parametrize("claims", ["[1]", "text", 5, [1], True])
def test_claims_are_an_object(claims: Any) -> None:
    with pytest.raises(ValueMismatch, match="are no claims"):
        made("sign", HS, claims=claims)
    assert made("decode", token=made("sign", HS, claims='{"a": 1}', issuedAt=False, expiresIn=None)) == {"a": 1}


@pytest.mark.parametrize(
    ("account", "words"),
    [
        ({"algorithm": "HS256"}, "no secret"),
        ({"algorithm": "HS256", "secret": "!", "secretIsBase64": True}, "no Base64"),
        ({"algorithm": "RS256", "secret": SECRET}, "no private key"),
        ({"algorithm": "RS256", **P256}, "not one for RS256"),
        ({"algorithm": "ES256", **P384}, "not one for ES256"),
        ({"algorithm": "EdDSA", **RSA}, "not one for EdDSA"),
        ({"algorithm": "RS256", "privateKey": "x"}, "cannot be read"),
        ({"algorithm": "RS256", **pair(rsa.generate_private_key(65537, 1024))}, "has 1024 bits"),
    ],
)
def test_a_key_that_does_not_fit_the_algorithm_is_refused(account: dict[str, Any], words: str) -> None:
    with pytest.raises(KeyInvalid, match=words) as caught:
        made("sign", account)
    assert "PRIVATE" not in str(caught.value.to_json())


def test_a_short_secret_is_warned_of_and_works() -> None:
    node = Bench(SPEC, run)
    node.outside.credentials["k", "jwt_key"] = {"algorithm": "HS256", "secret": "short"}
    node({"operation": "sign", "credential": "k"}, items({}, {}))
    [log] = node.outside.of("node.log")
    assert log["message"] == "The secret of the credential is shorter than HS256 should have."
