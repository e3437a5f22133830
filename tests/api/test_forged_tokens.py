"""Access tokens that are none of ours, in all the ways that are known: refused alike, before anything is looked up."""

import base64
import hashlib
import hmac
import json
import os
import time
import uuid
from collections.abc import Iterator
from typing import Any, Final

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.api.conftest import World
from tests.api.test_routes import is_problem

OTHER: Final = "the key of another deployment, long enough for HS256 too"
GONE: Final = object()


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed(claims: Any, key: str, **header: str) -> str:
    """Return a token by hand: pyjwt refuses to make the worst."""
    text = f"{part({'alg': 'HS256', 'typ': 'JWT', **header})}.{part(claims)}"
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def forged(token: str, key: str) -> Iterator[tuple[str, str]]:
    """Give tokens made of a good one and of the key that signs, with what is wrong with each."""
    head, body, signature = token.split(".")
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    for name in ("none", "None", "nOnE", "", "RS256", "HS384", None):
        changed = part({"alg": name, "typ": "JWT"})
        yield f"algorithm {name}, no signature", f"{changed}.{body}."
        yield f"algorithm {name}, its signature", f"{changed}.{body}.{signature}"
    for name in ("HS384", "HS512"):
        yield f"our key, {name}", jwt.encode(claims, key * 2, algorithm=name)
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shown = private.public_key().public_numbers()
    number = base64.urlsafe_b64encode(shown.n.to_bytes(256, "big")).rstrip(b"=").decode()
    headers = {
        "jwk": {"kty": "RSA", "n": number, "e": "AQAB"},
        "jku": "https://evil.example/keys",
        "x5u": "https://e.x",
    }
    yield "a key that it brings along", jwt.encode(claims, pem, algorithm="RS256", headers=headers)
    for kid in ("../../../../dev/null", "x' UNION SELECT ''--", "/proc/sys/kernel/randomize_va_space"):
        yield f"kid {kid}", signed(claims, "", kid=kid)
    yield "an empty key", signed(claims, "")
    yield "another deployment's", jwt.encode(claims, OTHER, algorithm="HS256")
    yield "another tenant in it", f"{head}.{part({**claims, 'tenant': str(uuid.uuid4())})}.{signature}"
    yield "no signature", f"{head}.{body}."
    yield "half a signature", token[:-10]
    yield "five parts", f"{head}.{head}.{body}.{body}.{signature}"
    yield "crit", jwt.encode(claims, key, algorithm="HS256", headers={"crit": ["exp"], "exp": 1})
    now = int(time.time())
    changes: dict[str, dict[str, Any]] = {
        "another issuer": {"iss": "evil"}, "no issuer": {"iss": GONE}, "another audience": {"aud": "stepweave-live"},
        "no audience": {"aud": GONE}, "no end": {"exp": GONE}, "an end that is no time": {"exp": "tomorrow"},
        "not yet": {"nbf": now + 3600}, "from the future": {"iat": now + 3600}, "nobody": {"sub": GONE},
        "a number": {"sub": 1}, "SQL": {"sub": "' OR 1=1--"}, "no tenant": {"tenant": GONE}, "a list": {"tenant": []},
        "a session that is none": {"session": "x"}, "session of another kind": {"session": {"a": 1}},
    }  # fmt: skip
    for name, change in changes.items():
        told = {key: value for key, value in {**claims, **change}.items() if value is not GONE}
        yield name, signed(told, key)


def test_no_forged_token_is_taken(world: World) -> None:
    person = world.person()
    token = person.headers["Authorization"].split()[1]
    client = world.anonymous()
    tried = 0
    for name, one in forged(token, os.environ["STEPWEAVE_JWT_SECRET"]):
        answer = client.get("/api/me", headers={"Authorization": f"Bearer {one}"})
        assert is_problem(answer, 401, "token_invalid"), (name, answer.text)
        tried += 1
    assert tried > 40
    assert person.get("/api/me").status_code == 200


@pytest.mark.parametrize("way", ["query", "cookie", "Basic", "Token", "bearer token", "two"])
def test_a_token_counts_in_its_header_only(world: World, way: str) -> None:
    token = world.person().headers["Authorization"].split()[1]
    client = world.anonymous()
    headers: dict[str, Any] = {
        "Basic": f"Basic {token}",
        "Token": f"Token {token}",
        "bearer token": f"Bearer x {token}",
    }
    if way in headers:
        client.headers["Authorization"] = headers[way]
    if way == "two":
        client.headers["Authorization"] = f"Bearer {token}x, Bearer {token}"
    if way == "cookie":
        client.cookies.set("Authorization", f"Bearer {token}")
        client.cookies.set("access_token", token)
    params = {"access_token": token, "token": token} if way == "query" else None
    answer = client.get("/api/me", params=params)
    assert answer.status_code == 401, answer.text


def test_an_old_token_says_so_and_shows_nothing_else(world: World) -> None:
    """The app renews its session by that answer; whoever forged it learns nothing."""
    claims = jwt.decode(world.person().headers["Authorization"].split()[1], options={"verify_signature": False})
    key = os.environ["STEPWEAVE_JWT_SECRET"]
    old = jwt.encode({**claims, "exp": int(time.time()) - 1}, key, algorithm="HS256")
    client = world.anonymous()
    assert is_problem(client.get("/api/me", headers={"Authorization": f"Bearer {old}"}), 401, "token_expired")
    forged_too = jwt.encode({**claims, "exp": 1}, OTHER, algorithm="HS256")
    assert is_problem(client.get("/api/me", headers={"Authorization": f"Bearer {forged_too}"}), 401, "token_invalid")
