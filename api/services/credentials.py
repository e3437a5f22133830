"""Credentials: written, never read back. What a person sees again are fields that are no secrets."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, ValidationError, model_validator
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from api.codes import not_found
from api.errors import Problem
from api.services.tokens import Principal
from api.services.workflows import audit
from stepweave.model.base import Document
from stepweave_data.database import tenant_session
from stepweave_data.models import Credential
from stepweave_data.vaulting import CannotOpen, KeyService, Sealed, seal, unseal

Text = Annotated[str, Field(min_length=1, max_length=4000)]


class Postgres(Document):
    """A Postgres database: a DSN, or its parts."""

    secrets: ClassVar[frozenset[str]] = frozenset({"dsn", "password"})

    dsn: Text | None = None
    host: Text | None = None
    port: Annotated[int, Field(ge=1, le=65535)] = 5432
    database: Text | None = None
    user: Text | None = None
    password: str | None = None
    ssl_mode: Literal["disable", "prefer", "require", "verify-full"] = "require"

    @model_validator(mode="after")
    def _whole(self) -> "Postgres":
        if self.dsn is None and (self.host is None or self.database is None or self.user is None):
            raise ValueError("give a dsn, or host, database and user")
        return self

    @property
    def hint(self) -> str:
        """Where it is, without what opens it."""
        return f"{self.user}@{self.host}:{self.port}/{self.database}" if self.host else "by DSN"


class Smtp(Document):
    """A mail server."""

    secrets: ClassVar[frozenset[str]] = frozenset({"password"})

    host: Text
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    user: str | None = None
    password: str | None = None
    security: Literal["none", "starttls", "tls"] = "starttls"
    sender: Annotated[str, Field(alias="from", max_length=320)] = ""

    @property
    def hint(self) -> str:
        """Where it is."""
        return f"{self.host}:{self.port}"


class HttpHeader(Document):
    """A secret header."""

    secrets: ClassVar[frozenset[str]] = frozenset({"value"})

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}$")]
    value: Annotated[str, Field(min_length=1, max_length=8000, pattern=r"^[^\r\n]*$")]

    @property
    def hint(self) -> str:
        """Which header."""
        return self.name


class HttpBasic(Document):
    """A user and a password."""

    secrets: ClassVar[frozenset[str]] = frozenset({"password"})

    user: Text
    password: Text

    @property
    def hint(self) -> str:
        """Which user."""
        return self.user


TYPES: Final[dict[str, type[Postgres | Smtp | HttpHeader | HttpBasic]]] = {
    "postgres": Postgres,
    "smtp": Smtp,
    "http_header": HttpHeader,
    "http_basic": HttpBasic,
}


@dataclass(frozen=True)
class Opened:
    """What a person may see of a credential's data: values that are no secrets, and which secrets are set."""

    credential: Credential
    data: dict[str, Any]
    secrets: list[str]
    readable: bool
    """False where it does not decrypt any more: a change must give all of it."""


@dataclass(frozen=True)
class Credentials:
    """A tenant's credentials."""

    keys: Callable[[], KeyService]

    def list(self, principal: Principal) -> "list[Credential]":
        """Return all, by name."""
        with tenant_session(principal.tenant_id) as session:
            return list(session.scalars(select(Credential).order_by(Credential.name)))

    def create(self, principal: Principal, name: str, kind: str, data: dict[str, Any]) -> Credential:
        """Encrypt and store. Raises Problem: 422 naming the field, 409 for a name that is taken."""
        checked = _check(kind, data)
        id = uuid.uuid4()
        sealed = seal(checked.to_json(), str(principal.tenant_id), str(id), self.keys())
        credential = Credential(id=id, tenant_id=principal.tenant_id, name=name, type=kind, hint=checked.hint)
        credential.wrapped_key, credential.nonce, credential.ciphertext = (
            sealed.wrapped_key,
            sealed.nonce,
            sealed.ciphertext,
        )
        try:
            with tenant_session(principal.tenant_id) as session:
                session.add(credential)
                session.flush()
                session.refresh(credential)
                audit(session, principal, "credential.created", id, type=kind)
        except IntegrityError:
            raise _taken(name) from None
        return credential

    def open(self, principal: Principal, credential_id: uuid.UUID) -> Opened:
        """Return what may be seen of one. Raises Problem (404)."""
        with tenant_session(principal.tenant_id) as session:
            credential = session.get(Credential, credential_id)
            if credential is None:
                raise not_found("credential")
            stored = self._stored(credential)
        model = TYPES[credential.type]
        secrets = model.secrets
        whole = model.model_validate(stored).model_dump(by_alias=True, exclude_none=True) if stored else {}
        data = {name: value for name, value in whole.items() if name not in secrets}
        kept = sorted(name for name in secrets if (stored or {}).get(name))
        return Opened(credential, data, kept, stored is not None)

    def update(
        self, principal: Principal, credential_id: uuid.UUID, name: str, data: dict[str, Any] | None
    ) -> Credential:
        """Rename, and change the fields of the data that are given; the others stay. Raises Problem (404, 409, 422)."""
        try:
            with tenant_session(principal.tenant_id) as session:
                credential = session.get(Credential, credential_id, with_for_update=True)
                if credential is None:
                    raise not_found("credential")
                credential.name = name
                if data:
                    stored = self._stored(credential)
                    checked = _check(credential.type, _merged(stored or {}, data), complete=stored is not None)
                    sealed = seal(checked.to_json(), str(principal.tenant_id), str(credential_id), self.keys())
                    credential.hint = checked.hint
                    credential.wrapped_key, credential.nonce = sealed.wrapped_key, sealed.nonce
                    credential.ciphertext = sealed.ciphertext
                credential.updated_at = func.now()
                session.flush()
                session.refresh(credential)
                audit(session, principal, "credential.updated", credential_id, fields=sorted(data or {}))
        except IntegrityError:
            raise _taken(name) from None
        return credential

    def _stored(self, credential: Credential) -> dict[str, Any] | None:
        """Return the data as it is stored, for nobody's eyes; None where it does not decrypt."""
        sealed = Sealed(bytes(credential.wrapped_key), bytes(credential.nonce), bytes(credential.ciphertext))
        try:
            return unseal(sealed, str(credential.tenant_id), str(credential.id), self.keys())
        except CannotOpen:
            return None

    def delete(self, principal: Principal, credential_id: uuid.UUID) -> None:
        """Remove. Raises Problem (404)."""
        with tenant_session(principal.tenant_id) as session:
            credential = session.get(Credential, credential_id)
            if credential is None:
                raise not_found("credential")
            session.delete(credential)
            audit(session, principal, "credential.deleted", credential_id)


def _merged(stored: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return `stored` with the fields that are given; null takes one away. A DSN and its parts replace each other."""
    if given.get("dsn"):
        stored = {}
    elif any(given.get(part) for part in ("host", "database", "user")):
        stored = {name: value for name, value in stored.items() if name != "dsn"}
    return {name: value for name, value in {**stored, **given}.items() if value is not None}


def _check(kind: str, data: dict[str, Any], *, complete: bool = True) -> Postgres | Smtp | HttpHeader | HttpBasic:
    model = TYPES.get(kind)
    if model is None:
        message = f"There is no credential type {kind!r}; there are {', '.join(TYPES)}."
        raise Problem(422, "invalid_request", message, [{"field": "type", "message": message}])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        errors = [
            {"field": ".".join(("data", *map(str, entry["loc"]))), "message": entry["msg"]}
            for entry in error.errors(include_url=False, include_input=False)
        ]
        lost = "" if complete else " What was stored cannot be read any more: give all of its fields."
        raise Problem(422, "invalid_request", f"The credential is not complete.{lost}", errors) from None


def _taken(name: str) -> Problem:
    return Problem(409, "name_taken", f"There is a credential {name!r} already; choose another name.")
