"""Setting up a workspace's identity provider. The client's secret is sealed, and never shown again."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from api import codes
from api.refusals import Refused, refused_field
from api.repositories.rows import rows_of
from api.services.sign_in.provider import ProviderError, discovered
from api.services.tokens import Principal
from stepweave_data.models import SignInConnection
from stepweave_data.vaulting import KeyService, Sealed, seal, unseal

Texts = Callable[[str], list[str]]
"""Returns the TXT records of a name; none where there are none, or nobody answers."""
RECORD: Final = "_stepweave"
MOST_DOMAINS: Final = 50


@dataclass(frozen=True)
class Wanted:
    """What a workspace asks for. No `secret`: the one that is stored stays."""

    name: str
    issuer: str
    client_id: str
    secret: str | None
    domains: list[str]
    default_role: str
    makes_members: bool
    only_way: bool


@dataclass(frozen=True)
class Connections:
    """A workspace's identity provider."""

    keys: Callable[[], KeyService]
    texts: Texts

    def find(self, principal: Principal) -> SignInConnection | None:
        """Return the provider, or None."""
        with rows_of(principal.tenant_id) as rows:
            return rows.sign_in.connection()

    def put(self, principal: Principal, wanted: Wanted) -> SignInConnection:
        """Set the provider up, or change it. It is asked once, so that what does not work is told at once.

        Raises:
            Refused: `provider_failed`, `secrets_needed` where a stored secret would go to another provider.
        """
        former = self.find(principal)
        moved = former is None or (former.issuer, former.client_id) != (wanted.issuer, wanted.client_id)
        if wanted.secret is None and moved:
            raise refused_field(codes.SECRETS_NEEDED, "clientSecret", "Enter the client's secret.")
        try:
            discovered(wanted.issuer)
        except ProviderError as error:
            raise refused_field(codes.PROVIDER_FAILED, "issuer", str(error)) from None
        # Another issuer's subjects are other people: what was linked is linked no more.
        id = id_of(principal.tenant_id)
        sealed = self._sealed(principal, id, former, wanted.secret)
        proven = [domain for domain in (former.proven if former else []) if domain in wanted.domains]
        with rows_of(principal.tenant_id) as rows:
            there = rows.sign_in.connection()
            if there is not None and moved:
                rows.accounts.end_vouched(f"oidc:{there.id}")
                rows.delete(there)
                rows.write()
            row = rows.put(
                SignInConnection(
                    id=id,
                    tenant_id=principal.tenant_id,
                    kind="oidc",
                    name=wanted.name,
                    issuer=wanted.issuer,
                    client_id=wanted.client_id,
                    wrapped_key=sealed.wrapped_key,
                    nonce=sealed.nonce,
                    ciphertext=sealed.ciphertext,
                    domains=wanted.domains,
                    proven=proven,
                    default_role=wanted.default_role,
                    makes_members=wanted.makes_members,
                    only_way=wanted.only_way,
                )
            )
            rows.accounts.read_anew()
            rows.note(principal.user_id, "sign_in.changed", id, issuer=wanted.issuer, onlyWay=wanted.only_way)
        return row

    def delete(self, principal: Principal) -> None:
        """Remove the provider, and end the sessions that it vouched for. Raises Refused (`not_found`)."""
        with rows_of(principal.tenant_id) as rows:
            there = rows.sign_in.connection()
            if there is None:
                raise codes.not_found("identity provider")
            rows.accounts.end_vouched(f"oidc:{there.id}")
            rows.delete(there)
            rows.accounts.read_anew()
            rows.note(principal.user_id, "sign_in.removed", there.id)

    def prove(self, principal: Principal) -> SignInConnection:
        """Look which domains carry the workspace's record, and note those. Raises Refused (`not_found`)."""
        there = self.find(principal)
        if there is None:
            raise codes.not_found("identity provider")
        wanted = record_of(principal.tenant_id)
        proven = [domain for domain in there.domains if wanted in self.texts(f"{RECORD}.{domain}")]
        with rows_of(principal.tenant_id) as rows:
            row = rows.sign_in.connection()
            if row is None:
                raise codes.not_found("identity provider")
            row.proven = [domain for domain in proven if domain in row.domains]
            rows.note(principal.user_id, "sign_in.domains_proven", row.id, domains=row.proven)
        return row

    def secret_of(self, connection: SignInConnection) -> str:
        """Return the client's secret, for the provider only. Raises CannotOpen."""
        opened = unseal(_sealed_of(connection), str(connection.tenant_id), str(connection.id), self.keys())
        return str(opened["secret"])

    def _sealed(
        self, principal: Principal, id: uuid.UUID, former: SignInConnection | None, secret: str | None
    ) -> Sealed:
        if secret is None and former is not None:
            return _sealed_of(former)
        return seal({"secret": secret}, str(principal.tenant_id), str(id), self.keys())


def id_of(tenant_id: uuid.UUID) -> uuid.UUID:
    """Return what a workspace's provider is called: known before it is set up, for its redirect URL has it."""
    return uuid.uuid5(tenant_id, "sign-in")


def record_of(tenant_id: uuid.UUID) -> str:
    """Return what a domain's TXT record says where it is the workspace's."""
    return "stepweave-domain=" + hashlib.sha256(b"stepweave sign-in domain " + tenant_id.bytes).hexdigest()[:32]


def texts_of(name: str) -> list[str]:
    """Return the TXT records of a name, from the machine's resolver."""
    from dns import exception, resolver

    try:
        answer = resolver.resolve(name, "TXT", lifetime=5.0)
    except (exception.DNSException, OSError, UnicodeError):
        return []
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def domain_of(address: str) -> str:
    """Return an address's domain, in lower case."""
    return address.rpartition("@")[2].lower()


def is_in(address: str, domains: Sequence[str]) -> bool:
    """Return whether an address is of one of the domains."""
    return address.count("@") == 1 and domain_of(address) in domains


def _sealed_of(row: SignInConnection) -> Sealed:
    return Sealed(bytes(row.wrapped_key), bytes(row.nonce), bytes(row.ciphertext))


def unknown() -> Refused:
    """Return the refusal of a workspace that has no provider, or is not there: the two look the same."""
    return Refused(codes.NO_SIGN_IN, "No workspace of this name or domain signs in by a provider.")
