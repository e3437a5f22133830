"""Connects a credential at its provider (OAuth2, authorisation code): sends a person there, and takes what comes back.

A `state` is random, used once, lives ten minutes, and belongs to one tenant, user, credential and browser: who is
talked into opening somebody else's link connects nothing. Tokens are stored all at once or not at all.
"""

import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import redis

from api import codes
from api.permissions import Permission
from api.refusals import Refused
from api.repositories.rows import rows_of
from api.services import secret_stores
from api.services.credentials import TRIES, asked_with, entry_of, found, is_connected_by_person, stored_of
from api.services.projects import permissions_in
from api.services.standing import standing_in
from api.services.tokens import Principal
from stepweave_data import redis_keys as keys
from stepweave_data.oauth2.grants import Client, OAuthError, ProviderRefused, safe_words
from stepweave_data.oauth2.tokens import joined
from stepweave_data.secrets.errors import CredentialError
from stepweave_data.standing import Standing
from stepweave_data.vaulting import KeyService, Sealer

PATH: Final = "/api/oauth2/callback"
COOKIE: Final = "stepweave_oauth2_"
_AGAIN: Final = "Close this window and connect the credential again."
_UNREADABLE: Final = "What is stored of the credential cannot be read any more: fill in all of its fields first."


@dataclass(frozen=True)
class Begun:
    """Where the person agrees, and the cookie that their browser brings back."""

    authorize_url: str
    redirect_url: str
    cookie: tuple[str, str]


@dataclass(frozen=True)
class Returned:
    """What a provider sent a person back with."""

    state: str
    code: str = ""
    error: str = ""
    description: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of it, for the page and for the editor. `credential_id` is "" where nobody knows which it was."""

    connected: bool
    message: str
    credential_id: str = ""


class _Failed(Exception):
    """It was not connected; `str()` says why."""


@dataclass(frozen=True)
class Connecting:
    """Connects credentials."""

    keys: Callable[[], KeyService]
    redis: redis.Redis
    origin: str

    @property
    def redirect_url(self) -> str:
        """Where providers send people back: to be registered there."""
        return self.origin + PATH

    def begin(self, principal: Principal, credential_id: uuid.UUID) -> Begun:
        """Return where the person agrees. Raises Refused: not_found, not_connectable, cannot_connect."""
        with rows_of(principal.tenant_id) as rows:
            credential = found(rows, credential_id)
        entry = entry_of(credential.type)
        if entry.oauth2 is None or not is_connected_by_person(entry):
            raise Refused(codes.NOT_CONNECTABLE, f"A credential of type {entry.name} needs no connecting.")
        stored = stored_of(credential, self.keys())
        if stored is None:
            raise Refused(codes.CANNOT_CONNECT, _UNREADABLE)
        state, verifier, browser = (secrets.token_urlsafe(48) for _ in range(3))
        try:
            url = Client.of(entry.oauth2, stored[0]).authorize(self.redirect_url, state, verifier)
        except ProviderRefused as error:
            raise Refused(codes.CANNOT_CONNECT, str(error)) from None
        kept = {
            "tenantId": str(principal.tenant_id),
            "userId": str(principal.user_id),
            "credentialId": str(credential_id),
            "sessionId": str(principal.session_id or ""),
            "verifier": verifier,
            "browser": _digest(browser),
        }
        self.redis.set(keys.connecting(_digest(state)), json.dumps(kept), ex=keys.CONNECTING_SECONDS)
        return Begun(url, self.redirect_url, (cookie_of(state), browser))

    def finish(self, returned: Returned, cookies: Mapping[str, str]) -> Outcome:
        """Take what a provider sent a person back with. Raises redis.RedisError, and what Postgres and KMS raise."""
        kept = self._taken(returned.state)
        if kept is None:
            return Outcome(False, f"This link was used before, or it is older than ten minutes. {_AGAIN}")
        id = kept["credentialId"]
        try:
            if not hmac.compare_digest(_digest(cookies.get(cookie_of(returned.state), "")), kept["browser"]):
                raise _Failed(f"Connecting was begun in another browser, or at another address than {self.origin}.")
            if returned.error == "access_denied":
                raise _Failed("Access was not given. Nothing was changed.")
            if returned.error or not returned.code:
                words = ": ".join(filter(None, (returned.error, returned.description))) or "it sent no code"
                raise _Failed(f"The provider refused: {safe_words(words, [])}.")
            name = self._connect(kept, returned.code)
        except _Failed as error:
            return Outcome(False, str(error), id)
        return Outcome(True, f"“{name}” is connected.", id)

    def _taken(self, state: str) -> dict[str, str] | None:
        """Return what a state stands for, once."""
        if not state:
            return None
        text: Any = self.redis.getdel(keys.connecting(_digest(state)))
        taken: dict[str, str] | None = json.loads(text) if text else None
        return taken

    def _connect(self, kept: Mapping[str, str], code: str) -> str:
        tenant_id, user_id, id = (uuid.UUID(kept[name]) for name in ("tenantId", "userId", "credentialId"))
        with rows_of(tenant_id) as rows:
            credential = rows.credentials.find(id)
            role, session = rows.accounts.role(user_id), kept["sessionId"]
            standing = rows.accounts.standing(user_id, uuid.UUID(session)) if session else Standing(role)
        if credential is None:
            raise _Failed("The credential was deleted meanwhile.")
        caller = Principal(user_id, tenant_id, role)
        may = permissions_in(standing_in(caller, standing), credential.project_id) if standing else frozenset()
        if Permission.CREDENTIALS_WRITE not in may:
            raise _Failed("Your role may not connect credentials any more.")
        stored = stored_of(credential, self.keys())
        oauth2 = entry_of(credential.type).oauth2
        if stored is None or oauth2 is None:
            raise _Failed(_UNREADABLE)
        # Made before the provider is asked: a code is taken once, and what it gives must not be lost.
        sealer = Sealer(str(tenant_id), str(id), self.keys())
        try:
            fields = secret_stores.filled(tenant_id, entry_of(credential.type), stored[0], self.keys())
            tokens = Client.of(oauth2, fields).by_code(code, self.redirect_url, kept["verifier"])
        except CredentialError as error:
            raise _Failed(f"The client's secret could not be had. {error}") from None
        except OAuthError as error:
            raise _Failed(f"The provider gave no token. {error}") from None
        for _ in range(TRIES):
            with rows_of(tenant_id) as rows:
                former = rows.credentials.find(id)
            now = stored_of(former, self.keys()) if former else None
            if former is None or now is None or asked_with(oauth2, now[0]) != asked_with(oauth2, stored[0]):
                break
            sealed = sealer.seal(joined(now[0], tokens))
            ends = {"ends_at": datetime.fromtimestamp(tokens.ends_at, UTC) if tokens.ends_at else None}
            with rows_of(tenant_id) as rows:
                if rows.credentials.change(
                    former, former.name, former.hint, "connected", sealed, bound=former.bound, more=ends
                ):
                    rows.note(user_id, "credential.connected", id, scope=tokens.scope)
                    return former.name
        raise _Failed(f"The credential was changed meanwhile. {_AGAIN}")


def cookie_of(state: str) -> str:
    """Return the name of the cookie that ties a state to a browser: one each, for several windows."""
    return COOKIE + _digest(state)[:16]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
