"""Credentials: written, never read back. What a person sees again are fields that are no secrets.

A little over 300 lines: what is checked before a credential is sealed stands beside what seals it.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from api.codes import CREDENTIAL_CHANGED, INVALID_REQUEST, NAME_TAKEN, NOT_ALLOWED, SECRETS_NEEDED, not_found
from api.permissions import Permission
from api.refusals import Refused
from api.repositories.credentials import Lent
from api.repositories.rows import Duplicate, Rows, rows_of
from api.services import projects
from api.services.compiling import catalogue
from api.services.credential_ends import ends_of
from api.services.secret_stores import stores_of
from api.services.tokens import Principal
from stepweave.spec.credential_data import complete, hint_of, merged, problems
from stepweave.spec.credential_entry import CredentialEntry
from stepweave.spec.credential_parts import OAuth2
from stepweave.spec.credential_reach import strayed
from stepweave.spec.secret_references import STORES, ReferenceInvalid, is_reference, parse_reference
from stepweave.spec.templates import filled_hosts, placeholders
from stepweave_data.models import Credential
from stepweave_data.oauth2.tokens import Tokens, joined, parted
from stepweave_data.vaulting import CannotOpen, KeyService, Sealed, seal, unseal

HOSTS: Final = "allowedHosts"
"""The field in which people name hosts."""
TRIES: Final = 3
"""To change a credential that others change at the same time."""

Sharing = dict[uuid.UUID, list[uuid.UUID]]
"""The projects that credentials are shared with."""


@dataclass(frozen=True)
class Opened:
    """What a person may see of a credential's data: values that are no secrets, and which secrets are set."""

    credential: Credential
    data: dict[str, Any]
    secrets: list[str]
    readable: bool
    """False where it does not decrypt any more: a change must give all of it."""
    shared_with: list[uuid.UUID]


@dataclass(frozen=True)
class Credentials:
    """A tenant's credentials."""

    keys: Callable[[], KeyService]

    def list(self, principal: Principal) -> "tuple[Sequence[Credential], Sharing, Sequence[Lent]]":
        """Return all by name, with whom each is shared, and those that other projects share with the caller's."""
        with rows_of(principal.tenant_id) as rows:
            mine = rows.credentials.by_name()
            return mine, rows.credentials.shared_with([one.id for one in mine]), rows.credentials.lent()

    def create(
        self,
        principal: Principal,
        name: str,
        kind: str,
        data: dict[str, Any],
        project_id: uuid.UUID | None = None,
        expires_at: datetime | None = None,
    ) -> Credential:
        """Encrypt and store, in a project (`projects.place`).

        Raises Refused: `invalid_request` naming the field, `name_taken`, `not_found`, `not_allowed`, `project_needed`.
        """
        entry = entry_of(kind)
        checked = _checked(entry, data)
        _check_references(principal.tenant_id, entry, checked)
        id = uuid.uuid4()
        sealed = seal(checked, str(principal.tenant_id), str(id), self.keys())
        credential = Credential(
            id=id,
            tenant_id=principal.tenant_id,
            name=name,
            type=kind,
            hint=hint_of(entry, checked),
            connection=_unconnected(entry),
            expires_at=expires_at,
            ends_at=ends_of(checked),
            rotated_at=datetime.now(UTC),
            stores=stores_of(entry, checked),
            wrapped_key=sealed.wrapped_key,
            nonce=sealed.nonce,
            ciphertext=sealed.ciphertext,
        )
        try:
            with rows_of(principal.tenant_id) as rows:
                place = projects.place(rows, principal, project_id, Permission.CREDENTIALS_WRITE)
                credential.project_id = place
                rows.add(credential)
                rows.note(principal.user_id, "credential.created", id, type=kind)
        except Duplicate:
            raise _taken(name) from None
        return credential

    def open(self, principal: Principal, credential_id: uuid.UUID) -> Opened:
        """Return what may be seen of one. Raises Refused (`not_found`)."""
        with rows_of(principal.tenant_id) as rows:
            credential = found(rows, credential_id)
            shared_with = rows.credentials.shared_with([credential_id]).get(credential_id, [])
        stored = stored_of(credential, self.keys())
        entry = entry_of(credential.type)
        whole = complete(entry, stored[0]) if stored else {}
        data = {name: value for name, value in whole.items() if name in entry.fields and name not in entry.secrets}
        kept = sorted(name for name in entry.secrets if whole.get(name))
        if not credential.bound and names_hosts(entry, whole):  # those of before, as they are looked at
            with rows_of(principal.tenant_id) as rows:
                credential = rows.credentials.bind(credential_id) or credential
        return Opened(credential, data, kept, stored is not None, shared_with)

    def update(
        self, principal: Principal, credential_id: uuid.UUID, name: str, data: dict[str, Any] | None, **columns: Any
    ) -> Credential:
        """Rename, and change the fields of the data, and the `columns`, that are given; the others stay.

        KMS is called while no row is locked. Where somebody else changes it meanwhile, it is read and changed again.
        What was connected with other fields is not connected any more.

        Raises:
            Refused: `not_found`, `name_taken`, `invalid_request`; `secrets_needed` where those that are stored would go
                to another server; `credential_changed` where others are always faster.
        """
        for _ in range(TRIES):
            with rows_of(principal.tenant_id) as rows:
                former = found(rows, credential_id)
            hint, connection, sealed, bound, more = self._sealed(former, data or {})
            try:
                with rows_of(principal.tenant_id) as rows:
                    credential = rows.credentials.change(
                        former, name, hint, connection, sealed, bound=bound, more={**more, **columns}
                    )
                    if credential is not None:
                        rows.note(
                            principal.user_id,
                            "credential.updated",
                            credential_id,
                            fields=sorted([*(data or {}), *columns]),
                        )
                        return credential
            except Duplicate:
                raise _taken(name) from None
        raise Refused(CREDENTIAL_CHANGED, "Others are changing this credential; look at it and try again.")

    def _sealed(self, former: Credential, data: dict[str, Any]) -> tuple[str, str, Sealed, bool, dict[str, Any]]:
        """Return a credential's hint, connection and data with some fields changed, whether it is bound, and what
        other columns become."""
        if not data:
            return former.hint, former.connection, sealed_of(former), former.bound, {}
        keys = self.keys()
        stored = stored_of(former, keys)
        fields, tokens = stored or ({}, None)
        connection = former.connection
        entry = entry_of(former.type)
        checked = _checked(entry, merged(entry, fields, data), is_readable=stored is not None)
        _check_references(former.tenant_id, entry, {name: checked[name] for name in data if name in checked})
        strays = strayed(entry, complete(entry, fields), checked, bound=former.bound)
        _must_know(entry, strays, [name for name in fields if name in checked and name not in data])
        if entry.oauth2 and (strays or asked_with(entry.oauth2, fields) != asked_with(entry.oauth2, checked)):
            tokens, connection = None, _unconnected(entry)
        sealed = seal(joined(checked, tokens), str(former.tenant_id), str(former.id), keys)
        bound = former.bound or names_hosts(entry, checked)
        more: dict[str, Any] = {"stores": stores_of(entry, checked)}
        if tokens is None or not entry.oauth2:  # else its provider says when it ends
            more["ends_at"] = ends_of(checked)
        if any(data.get(name) for name in entry.secrets):
            more["rotated_at"] = datetime.now(UTC)
        return hint_of(entry, checked), connection, sealed, bound, more


def goes_anywhere(credential: Credential) -> bool:
    """Return whether a credential goes to any host: it was there before hosts were asked for (ADR 54), and names none,
    as far as anybody has seen."""
    entry = catalogue().credentials.get(credential.type)
    return not credential.bound and entry is not None and bool(entry.hosts or HOSTS in entry.fields)


def names_hosts(entry: CredentialEntry, data: dict[str, Any]) -> bool:
    """Return whether a credential's data says where it may be sent to."""
    return bool(filled_hosts(entry.hosts, data) or str(data.get(HOSTS) or "").strip(" ,"))


def found(rows: Rows, credential_id: uuid.UUID) -> Credential:
    """Return a credential. Raises Refused: `not_found`; `not_allowed` for one that another project only shares."""
    credential = rows.credentials.find(credential_id)
    if credential is None and rows.credentials.lent_one(credential_id):
        raise Refused(
            NOT_ALLOWED, "It is shared with your project to be used: who manages its own project may do this."
        )
    if credential is None:
        raise not_found("credential")
    return credential


def check_usable(rows: Rows, credential_id: uuid.UUID) -> tuple[str, datetime]:
    """Return the type of a credential that is seen, or shared to be used, and when it was changed last.

    Raises:
        Refused: `not_found`.
    """
    credential = rows.credentials.find(credential_id) or rows.credentials.lent_one(credential_id)
    if credential is None:
        raise not_found("credential")
    return credential.type, credential.updated_at


def sealed_of(credential: Credential) -> Sealed:
    """Return what is encrypted of a credential."""
    return Sealed(bytes(credential.wrapped_key), bytes(credential.nonce), bytes(credential.ciphertext))


def stored_of(credential: Credential, keys: KeyService) -> tuple[dict[str, Any], Tokens | None] | None:
    """Return the fields and the tokens that are stored, for nobody's eyes; None where they do not decrypt."""
    try:
        return parted(unseal(sealed_of(credential), str(credential.tenant_id), str(credential.id), keys))
    except CannotOpen:
        return None


def asked_with(oauth2: OAuth2, fields: dict[str, Any]) -> list[Any]:
    """Return what tokens were asked for with: other values there mean other tokens. The secret may be renewed."""
    templates = (oauth2.token_url, oauth2.authorize_url, *oauth2.scopes)
    names = {"clientId", *(name for template in templates for name in placeholders(template))}
    return [fields.get(name) for name in sorted(names)]


def entry_of(kind: str) -> CredentialEntry:
    """Return a credential type. Raises Refused (`invalid_request`)."""
    known = catalogue().credentials
    if kind not in known:
        message = f"There is no credential type {kind!r}; there are {', '.join(known)}."
        raise Refused(INVALID_REQUEST, message, [{"field": "type", "message": message}])
    return known[kind]


def is_connected_by_person(entry: CredentialEntry) -> bool:
    """Return whether a person must agree before the credential can be used."""
    return entry.oauth2 is not None and entry.oauth2.grant.is_by_person


def _unconnected(entry: CredentialEntry) -> str:
    return "missing" if is_connected_by_person(entry) else "unneeded"


def _checked(entry: CredentialEntry, data: dict[str, Any], *, is_readable: bool = True) -> dict[str, Any]:
    checked = complete(entry, data)
    errors = [
        {"field": ".".join(filter(None, ("data", name))), "message": message}
        for name, message in problems(entry, checked)
    ]
    if errors:
        lost = "" if is_readable else " What was stored cannot be read any more: give all of its fields."
        raise Refused(INVALID_REQUEST, f"The credential is not complete.{lost}", errors)
    return checked


def _check_references(tenant_id: uuid.UUID, entry: CredentialEntry, data: dict[str, Any]) -> None:
    """Refuse references to secrets that lead nowhere (ADR 60). Raises Refused (`invalid_request`), naming the field."""
    errors = [
        {"field": f"data.{name}", "message": message}
        for name, text in data.items()
        if is_reference(text) and (message := _reference_problem(tenant_id, entry, name, text))
    ]
    if errors:
        raise Refused(INVALID_REQUEST, "What a field refers to cannot be.", errors)


def _reference_problem(tenant_id: uuid.UUID, entry: CredentialEntry, name: str, text: str) -> str:
    """Return what is wrong with a reference, "" where nothing is."""
    if name not in entry.secrets:
        return "Only secret fields refer to secrets in a store."
    if entry.type in STORES:
        return f"The secrets of a credential of type {entry.name!r} are stored here: fill it in."
    try:
        reference = parse_reference(text)
    except ReferenceInvalid as error:
        return str(error)
    with rows_of(tenant_id) as rows:
        store = rows.credentials.find(uuid.UUID(reference.store))
    if store is None or store.type not in STORES:
        kinds = ", ".join(known.name for kind in STORES if (known := catalogue().credentials.get(kind)))
        return f"There is no store of secrets with that id: it is the id of a credential of type {kinds}."
    return ""


def _must_know(entry: CredentialEntry, strays: Sequence[str], kept: Sequence[str]) -> None:
    """Refuse a change that would send secrets elsewhere which it does not bring. Raises Refused (`secrets_needed`)."""
    title = {name: field.get("title", name) for name, field in entry.fields.items()}
    asked = [name for name in kept if name in entry.secrets]
    if not strays or not asked:
        return
    because = f"{' and '.join(repr(title[name]) for name in strays)} would have it sent to another server"
    errors = [{"field": f"data.{name}", "message": f"Enter {title[name]!r} again: {because}."} for name in asked]
    raise Refused(SECRETS_NEEDED, "What is stored is sent to other servers only by who knows it.", errors)


def _taken(name: str) -> Refused:
    return Refused(NAME_TAKEN, f"There is a credential {name!r} already; choose another name.")
