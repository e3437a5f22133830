"""An OpenID provider: what it says of itself (Discovery 1.0), and the requests to it.

Requests use the platform's client for providers: public addresses only, no redirects, a time and a size.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

from stepweave_data.oauth2.grants import challenge, safe_words
from stepweave_data.oauth2.replies import NoReply

PATH: Final = "/.well-known/openid-configuration"
SCOPE: Final = "openid email profile"


class ProviderError(Exception):
    """The provider cannot be used, or says no. `str()` is for people, and quotes no secret."""


@dataclass(frozen=True)
class Provider:
    """What a provider says of itself."""

    issuer: str
    authorize_url: str
    token_url: str
    keys_url: str
    userinfo_url: str
    basic: bool
    names_itself: bool
    """It sends `iss` with the code (RFC 9207)."""


def discovered(issuer: str) -> Provider:
    """Return what the provider of an issuer says of itself. Raises ProviderError."""
    told = _json_of("GET", issuer.rstrip("/") + PATH, {})
    if told.get("issuer") != issuer:
        raise ProviderError(f"The provider calls itself {_short(told.get('issuer'))}, not {issuer}.")
    urls = {name: told.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    for name, url in urls.items():
        if not isinstance(url, str) or urlsplit(url).scheme not in ("https", "http"):
            raise ProviderError(f"The provider does not say its {name}.")
    methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    userinfo = told.get("userinfo_endpoint")
    return Provider(
        issuer,
        str(urls["authorization_endpoint"]),
        str(urls["token_endpoint"]),
        str(urls["jwks_uri"]),
        userinfo if isinstance(userinfo, str) else "",
        basic="client_secret_basic" in methods,
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def authorize_url(provider: Provider, client_id: str, redirect_url: str, state: str, nonce: str, verifier: str) -> str:
    """Return where somebody signs in (Core 1.0, 3.1.2.1), with a code challenge (RFC 7636)."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_url,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    joined = "&" if urlsplit(provider.authorize_url).query else "?"
    return f"{provider.authorize_url}{joined}{urlencode(asked)}"


def exchanged(
    provider: Provider, client: tuple[str, str], code: str, redirect_url: str, verifier: str
) -> tuple[str, str]:
    """Return the ID token and the access token for a code (3.1.3). Raises ProviderError."""
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_url, "code_verifier": verifier}
    headers = {"content-type": "application/x-www-form-urlencoded"}
    if provider.basic:
        pair = ":".join(quote_plus(part) for part in client)
        headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        body |= {"client_id": client[0], "client_secret": client[1]}
    told = _json_of("POST", provider.token_url, headers, urlencode(body).encode(), secrets=[client[1], code, verifier])
    id_token, access = told.get("id_token"), told.get("access_token")
    if not isinstance(id_token, str):
        raise ProviderError("The provider sent no ID token.")
    return id_token, access if isinstance(access, str) else ""


def userinfo(provider: Provider, access: str) -> dict[str, Any]:
    """Return what the provider says of who signed in (5.3). Raises ProviderError."""
    return _json_of("GET", provider.userinfo_url, {"authorization": f"Bearer {access}"}, secrets=[access])


def keys(provider: Provider) -> dict[str, Any]:
    """Return the provider's public keys (JWK Set). Raises ProviderError."""
    return _json_of("GET", provider.keys_url, {})


def _json_of(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, secrets: list[str] | None = None
) -> dict[str, Any]:
    from stepweave_data.oauth2.asking import ask

    try:
        reply = ask(method, url, {"accept": "application/json", **headers}, body)
    except NoReply as error:
        raise ProviderError(f"The provider could not be asked. {error}") from None
    try:
        told = json.loads(reply.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ProviderError(f"The provider answered with status {reply.status} and no JSON object.")
    if reply.status != 200:
        words = ": ".join(str(told[name]) for name in ("error", "error_description") if told.get(name))
        quoted = safe_words(words or f"status {reply.status}", secrets or [])
        raise ProviderError(f"The provider refused: {quoted}.")
    return told


def _short(value: object) -> str:
    return safe_words(str(value), [])[:200]
