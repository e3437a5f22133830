"""Keeps the OAuth2 tokens of a credential fresh: one renewal at a time, stored before anybody is answered.

The credential's row is locked meanwhile (`FOR UPDATE`): who comes second waits, and finds the new tokens. Only those
who would use the credential, or change it, wait: reading its row waits for nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from functions.system.vault.errors import CredentialNotConnected, CredentialRefused, CredentialUnavailable
from stepweave.spec.credential_parts import Grant, OAuth2
from stepweave_data.link import Connection, Link
from stepweave_data.oauth2.grants import GONE, Client, ProviderAway, ProviderRefused
from stepweave_data.oauth2.service_account import by_service_account
from stepweave_data.oauth2.tokens import Tokens, joined, parted
from stepweave_data.vaulting import KeyService, Sealed, Sealer, unseal

LOST: Final = "lost"
TRIES: Final = 3
ANEW: Final = "*"
"""What `Fill` takes for any secret that was refused."""
CLIENT_REFUSED: Final = frozenset({"invalid_client", "unauthorized_client", "invalid_grant", ""})
"""A provider's codes that a rotated secret may be the reason of; some have none for it. A service account's signature
is an `invalid_grant`."""
_WAIT: Final = "SET LOCAL lock_timeout = '12s'"
_LOCKED: Final = "SELECT wrapped_key, nonce, ciphertext FROM credentials WHERE id = %s FOR UPDATE"
Fields = Mapping[str, Any]
Fill = Callable[[Fields, str], Fields]
"""Gives a credential's fields with the secrets that they refer to (`External.filled`)."""
_STORE: Final = """
UPDATE credentials
SET wrapped_key = %s, nonce = %s, ciphertext = %s, ends_at = coalesce(to_timestamp(%s), ends_at) WHERE id = %s
"""
_LOSE: Final = "UPDATE credentials SET connection = 'lost' WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose tokens: a credential of a tenant."""

    tenant_id: str
    id: str
    name: str
    connection: str


class _ClientRefused(Exception):
    """The provider does not take what the client shows, which was fetched from a store."""


class _FieldsChanged(Exception):
    """The credential was changed since its secrets were fetched."""

    def __init__(self, fields: Fields) -> None:
        super().__init__()
        self.fields = fields


class Renewal:
    """A credential's way to a token that works."""

    def __init__(self, owner: Owner, oauth2: OAuth2, link: Link, keys: KeyService, fill: Fill) -> None:
        self._owner, self._oauth2, self._link, self._keys, self._fill = owner, oauth2, link, keys, fill
        self._got: Tokens | CredentialNotConnected | None = None
        self._fields: Fields = {}
        self._filled: Fields = {}

    def current(self, fields: Fields, tokens: Tokens | None, refused: str) -> Tokens:
        """Return `tokens`, or new ones where they are due or named by the digest `refused`.

        Raises:
            CredentialNotConnected: a person must connect it (again).
            CredentialRefused: the provider will not have the client; the credential must be changed.
            CredentialUnavailable: the provider, or a store that has the client's secret, does not answer, and what is
                stored works no longer.
            CredentialError: what the client shows lies in a store, and cannot be had.
        """
        by_person = self._oauth2.grant.is_by_person
        if by_person and (tokens is None or self._owner.connection == LOST):
            raise CredentialNotConnected(self._owner.name, again=tokens is not None)
        if tokens is not None and not self._is_due(tokens, refused):
            return tokens
        try:
            outcome = self._renewed(fields, refused)
        except CredentialUnavailable:
            if tokens is not None and tokens.is_alive(refused):
                return tokens
            raise
        except psycopg.errors.LockNotAvailable as error:
            raise CredentialUnavailable("Its token is being renewed, which takes too long.") from error
        if isinstance(outcome, CredentialNotConnected):
            raise outcome
        return outcome

    def _renewed(self, fields: Fields, refused: str) -> Tokens | CredentialNotConnected:
        """Renew. Stores are asked before the row is locked: anew, once, where the provider takes the client no more."""
        words, again = "Others are changing it: try again.", ""
        for _ in range(TRIES):
            before = self._filled
            self._fields, self._filled = fields, self._fill(fields, again)
            if again and self._filled == before:
                break
            try:
                return self._link.tenant(self._owner.tenant_id, lambda connection: self._locked(connection, refused))
            except _ClientRefused as error:
                words = str(error)
                if again:
                    break
                again = ANEW
            except _FieldsChanged as error:
                fields, again = error.fields, ""
        raise CredentialRefused(self._owner.name, words)

    def _is_due(self, tokens: Tokens, refused: str) -> bool:
        """Return whether to renew. What cannot be is used until its end: a server may refuse for other reasons."""
        can_renew = tokens.refresh or not self._oauth2.grant.is_by_person
        return tokens.is_due(refused) if can_renew else not tokens.is_alive()

    def _locked(self, connection: Connection, refused: str) -> Tokens | CredentialNotConnected:
        """Renew within a transaction. It may be done again after a broken connection: the provider is asked once."""
        connection.execute(_WAIT)
        row = connection.execute(_LOCKED, (self._owner.id,)).fetchone()
        if row is None:
            return CredentialNotConnected(self._owner.name, again=False)
        stored = unseal(Sealed(*map(bytes, row)), self._owner.tenant_id, self._owner.id, self._keys)
        fields, tokens = parted(stored)
        if self._got is None and tokens is not None and not self._is_due(tokens, refused):
            return tokens
        # Made before the provider is asked: what it gives, above all a rotated refresh token, must not be lost.
        sealer = Sealer(self._owner.tenant_id, self._owner.id, self._keys)
        if self._got is None:
            if fields != self._fields:
                raise _FieldsChanged(fields)
            self._got = self._asked(self._filled, tokens)
        if isinstance(self._got, CredentialNotConnected):
            connection.execute(_LOSE, (self._owner.id,))
            return self._got
        sealed = sealer.seal(joined(fields, self._got))
        ends_at = self._got.ends_at
        connection.execute(_STORE, (sealed.wrapped_key, sealed.nonce, sealed.ciphertext, ends_at, self._owner.id))
        return self._got

    def _asked(self, fields: Fields, tokens: Tokens | None) -> Tokens | CredentialNotConnected:
        try:
            if self._oauth2.grant is Grant.SERVICE_ACCOUNT:
                return by_service_account(self._oauth2, fields)
            client = Client.of(self._oauth2, fields)
            if self._oauth2.grant is Grant.CLIENT_CREDENTIALS:
                return client.by_itself()
            if tokens is None or not tokens.refresh:
                return CredentialNotConnected(self._owner.name, again=True)
            renewed = client.by_refresh(tokens.refresh)
        except ProviderRefused as error:
            if error.code in GONE and self._oauth2.grant.is_by_person:
                return CredentialNotConnected(self._owner.name, again=True)
            if error.code in CLIENT_REFUSED and self._filled != self._fields:
                raise _ClientRefused(str(error)) from None
            raise CredentialRefused(self._owner.name, str(error)) from None
        except ProviderAway as error:
            raise CredentialUnavailable(str(error)) from None
        return renewed
