"""The requests of OAuth2 (RFC 6749): where a person agrees, and what a token is exchanged for.

OAuthError
├── ProviderRefused   the provider says no, with its code: `invalid_grant`, `invalid_client`, ...
└── ProviderAway      it does not answer, or answers what is none; trying again may help
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit, urlunsplit

from stepweave.runtime.network import stand_in_for
from stepweave.spec.credential_parts import OAuth2
from stepweave.spec.templates import TemplateUnfilled, filled, filled_url
from stepweave_data.oauth2.replies import NoReply, Reply
from stepweave_data.oauth2.tokens import Tokens

GONE: Final = frozenset({"invalid_grant", "bad_refresh_token"})
"""A person must agree anew (RFC 6749, 5.2); the second is GitHub's."""
_MOST_WORDS: Final = 300
_RENEWABLE: Final = ("refresh_token_expires_in", "refresh_expires_in", "x_refresh_token_expires_in")
"""GitHub, Google (while it is being tested), LinkedIn; Keycloak; Intuit."""
_FOR_EVER: Final = 100 * 365 * 24 * 3600.0
"""Seconds; what is longer is said by providers whose tokens do not end, and is no date that could be kept."""
_FORM: Final = {"accept": "application/json", "content-type": "application/x-www-form-urlencoded"}


class OAuthError(Exception):
    """A token that could not be had. `str()` is for people, and quotes no secret."""


class ProviderRefused(OAuthError):
    """The provider says no."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class ProviderAway(OAuthError):
    """The provider does not answer, or with something that is no answer."""


@dataclass(frozen=True, slots=True)
class Client:
    """Stepweave as a provider knows it: a type's OAuth2 with a credential's fields filled in."""

    oauth2: OAuth2
    token_url: str
    authorize_url: str
    id: str
    secret: str
    scope: str

    @classmethod
    def of(cls, oauth2: OAuth2, fields: Mapping[str, Any]) -> "Client":
        """Return the client of a credential. Raises ProviderRefused where its fields make no address."""
        scopes = (filled(scope, fields) for scope in oauth2.scopes)
        try:
            token_url = filled_url(oauth2.token_url, fields) or ""
            authorize_url = filled_url(oauth2.authorize_url, fields) or ""
        except TemplateUnfilled as error:
            raise ProviderRefused("", f"The provider's address cannot be made: {error}") from None
        return cls(
            oauth2,
            token_url,
            authorize_url,
            str(fields.get("clientId", "")),
            str(fields.get("clientSecret", "")),
            oauth2.scope_separator.join(scope for scope in scopes if scope),
        )

    def authorize(self, redirect_uri: str, state: str, verifier: str) -> str:
        """Return the URL where a person agrees (4.1.1), with a code challenge (RFC 7636, 4.3).

        Raises:
            ProviderRefused: the address is none that a browser may be sent to.
        """
        parts = urlsplit(self.authorize_url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ProviderRefused("", "The address where people agree must begin with https://.")
        asked = [
            ("response_type", "code"),
            ("client_id", self.id),
            ("redirect_uri", redirect_uri),
            *([("scope", self.scope)] if self.scope else []),
            ("state", state),
        ]
        if self.oauth2.pkce:
            asked += [("code_challenge", challenge(verifier)), ("code_challenge_method", "S256")]
        asked += self.oauth2.authorize_extra
        taken = {name for name, _ in asked}
        own = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in taken]
        return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode([*own, *asked]), ""))

    def by_code(self, code: str, redirect_uri: str, verifier: str) -> Tokens:
        """Return the tokens for a code (4.1.3). Raises OAuthError."""
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if self.oauth2.pkce:
            asked["code_verifier"] = verifier
        return self._tokens(asked)

    def by_refresh(self, refresh: str) -> Tokens:
        """Return new tokens (6); the refresh token too where the provider rotates it. Raises OAuthError."""
        return self._tokens({"grant_type": "refresh_token", "refresh_token": refresh})

    def by_itself(self) -> Tokens:
        """Return the tokens of a client that speaks for itself (4.4). Raises OAuthError."""
        asked = {"grant_type": "client_credentials", **({"scope": self.scope} if self.scope else {})}
        return self._tokens(asked)

    def _tokens(self, asked: dict[str, str]) -> Tokens:
        headers = dict(_FORM)
        body = dict(asked)
        if self.oauth2.basic:
            pair = f"{quote_plus(self.id)}:{quote_plus(self.secret)}"  # 2.3.1: encoded as forms are
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            body |= {"client_id": self.id, **({"client_secret": self.secret} if self.secret else {})}
        secrets = [self.secret, *(asked.get(name, "") for name in ("code", "code_verifier", "refresh_token"))]
        reply = _asked(self.token_url, headers, body)
        return _read(reply, self.oauth2.token_path, asked.get("refresh_token", ""), secrets)


def by_assertion(oauth2: OAuth2, token_url: str, assertion: str, secrets: list[str]) -> Tokens:
    """Return the tokens for a signed statement (RFC 7523, 2.1). Raises OAuthError, whose words hold no secret."""
    body = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    return _read(_asked(token_url, _FORM, body), oauth2.token_path, "", [assertion, *secrets])


def _asked(token_url: str, headers: Mapping[str, str], body: Mapping[str, str]) -> Reply:
    from stepweave_data.oauth2.asking import ask

    try:
        return ask("POST", stand_in_for(token_url) or token_url, dict(headers), urlencode(body).encode())
    except NoReply as error:
        raise ProviderAway(f"The provider could not be asked. {error}") from None


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a code verifier (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def safe_words(text: str, secrets: list[str]) -> str:
    """Return a provider's words as they may be shown: on one line, short, and without the secrets."""
    words = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    for secret in secrets:
        if len(secret) > 3:
            words = words.replace(secret, "…")
    return words[:_MOST_WORDS]


def _read(reply: Reply, token_path: str, former_refresh: str, secrets: list[str]) -> Tokens:
    data = _data(reply)
    error = data.get("error") if data is not None else None
    if isinstance(error, str) and error and reply.status < 500:
        told = data.get("error_description") if data else ""
        words = safe_words(": ".join(part for part in (error, str(told or "")) if part), secrets)
        raise ProviderRefused(error, f"The provider says: {words}.")
    if reply.status == 429 or reply.status >= 500:
        raise ProviderAway(f"The provider answered with status {reply.status}.")
    if reply.status >= 400:
        raise ProviderRefused("", f"The provider answered with status {reply.status}.")
    *above, name = token_path.split(".")
    holder: Any = data
    for part in above:
        holder = holder.get(part) if isinstance(holder, dict) else None
    access = holder.get(name) if isinstance(holder, dict) else None
    if reply.status >= 300 or data is None or not isinstance(access, str) or not access:
        raise ProviderAway(f"The provider's answer (status {reply.status}) has no token. Check the token URL.")
    both = {**data, **holder}
    refresh = both.get("refresh_token")
    return Tokens.lasting(
        access,
        refresh if isinstance(refresh, str) and refresh else former_refresh,
        _seconds(both.get("expires_in")),
        str(both.get("scope") or ""),
        _renewable(both),
    )


def _renewable(data: Mapping[str, Any]) -> float | None:
    """Return for how long a token can be renewed: no standard has it, and those who say so call it differently."""
    return next((found for name in _RENEWABLE if (found := _seconds(data.get(name))) is not None), None)


def _data(reply: Reply) -> dict[str, Any] | None:
    if reply.content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(reply.body.decode("utf-8", "replace")))
    try:
        data = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _seconds(value: Any) -> float | None:
    """Return how long a token lasts; some providers send a text. None for what is no time, or never ends."""
    try:
        seconds = 0.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return seconds if 0 < seconds < _FOR_EVER else None
