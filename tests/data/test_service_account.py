"""A service account's token, from a token server that verifies what it is sent as Google does."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from stepweave.spec.credential_parts import Grant, OAuth2
from stepweave_data.oauth2.grants import ProviderAway, ProviderRefused
from stepweave_data.oauth2.service_account import Key, by_service_account
from tests.fakes.web import Exchange, Web, web_server

ROBOT = "robot@project.iam.gserviceaccount.com"
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any = PRIVATE) -> str:
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def key(**changes: Any) -> str:
    file = {
        "type": "service_account",
        "client_email": ROBOT,
        "private_key_id": "k1",
        "private_key": pem(),
        "token_uri": "https://evil.example/token",
    }
    return json.dumps({**file, **changes}, indent=2)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    with web_server() as made:
        made.routes["/token"] = lambda exchange: give_token(exchange, made.url("/token"))
        yield made


def give_token(exchange: Exchange, audience: str) -> None:
    """Answer as `oauth2.googleapis.com/token` does to statements that are signed (Google, "Using OAuth 2.0")."""
    form = {name: values[0] for name, values in parse_qs(exchange.asked.body.decode()).items()}
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    answer: dict[str, Any]
    try:
        claims = jwt.decode(form["assertion"], PRIVATE.public_key(), algorithms=["RS256"], audience=audience)
        assert jwt.get_unverified_header(form["assertion"])["kid"] == "k1"
        assert claims["iss"] == ROBOT
        assert time.time() - 60 < claims["iat"] <= time.time()
        assert claims["exp"] - claims["iat"] == 3600
        status, answer = 200, {"access_token": f"for {claims.get('sub', 'itself')}", "expires_in": 3599}
        if claims.get("sub") == "stranger@example.com":
            told = "Client is unauthorized to retrieve access tokens using this method."
            status, answer = 401, {"error": "unauthorized_client", "error_description": told}
        assert claims["scope"] == "a b"
    except jwt.InvalidTokenError:
        status, answer = 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    exchange.answer(status, json.dumps(answer).encode(), content_type="application/json")


def asked(web: Web, **fields: Any) -> Any:
    oauth2 = OAuth2(web.url("/token"), scopes=("{scope}",), grant=Grant.SERVICE_ACCOUNT)
    return by_service_account(oauth2, {"scope": "a b", "key": key(), **fields})


def test_a_statement_is_signed_and_exchanged_for_a_token(web: Web) -> None:
    tokens = asked(web)
    assert (tokens.access, tokens.refresh) == ("for itself", "")
    assert (tokens.is_alive(), tokens.is_due()) == (True, False)
    assert asked(web, subject="ada@example.com").access == "for ada@example.com"


def test_a_key_whose_line_ends_were_written_out_works(web: Web) -> None:
    assert asked(web, key=key(private_key=pem().replace("\n", "\\n"))).access == "for itself"


def test_a_refusal_is_told_in_googles_words_and_without_the_key(web: Web) -> None:
    with pytest.raises(ProviderRefused, match="unauthorized_client: Client is unauthorized"):
        asked(web, subject="stranger@example.com")
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(ProviderRefused, match="Invalid JWT Signature"):
        asked(web, key=key(private_key=pem(other)))


def test_a_server_that_is_away_is_no_refusal(web: Web) -> None:
    web.routes["/token"] = lambda exchange: exchange.answer(503, b"busy")
    with pytest.raises(ProviderAway):
        asked(web)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/home/ada/key.json", "is no JSON"),
        ("[]", "is not that of a service account"),
        ('{"web": {"client_id": "x"}}', "is not that of a service account"),
        (key(type="authorized_user"), "but of type authorized_user"),
        (key(client_email=""), "lacks client_email or private_key"),
        (key(private_key=7), "lacks client_email or private_key"),
        (key(private_key="-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), "cannot be read"),
        (key(private_key=pem(ec.generate_private_key(ec.SECP256R1()))), "is no RSA key"),
    ],
)
def test_what_is_no_key_of_a_service_account_is_said_before_anybody_is_asked(web: Web, text: str, words: str) -> None:
    with pytest.raises(ProviderRefused, match=words) as refused:
        asked(web, key=text)
    assert web.asked == []
    assert "BEGIN" not in str(refused.value)


def test_a_key_tells_no_secret_of_itself() -> None:
    assert repr(Key.read(key())) == f"Key(email='{ROBOT}')"
