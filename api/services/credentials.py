"""Credentials: written, never read back. What a person sees again is a hint."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, model_validator
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from api.errors import Problem, not_found
from api.services.tokens import Principal
from api.services.workflows import audit
from stepweave.model.base import Document
from stepweave_data.database import tenant_session
from stepweave_data.models import Credential
from stepweave_data.vaulting import KeyService, seal

Text = Annotated[str, Field(min_length=1, max_length=4000)]


class Postgres(Document):
    """A Postgres database: a DSN, or its parts."""

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

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}$")]
    value: Annotated[str, Field(min_length=1, max_length=8000, pattern=r"^[^\r\n]*$")]

    @property
    def hint(self) -> str:
        """Which header."""
        return self.name


class HttpBasic(Document):
    """A user and a password."""

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

    def update(
        self, principal: Principal, credential_id: uuid.UUID, name: str, data: dict[str, Any] | None
    ) -> Credential:
        """Rename, and replace the data where given. Raises Problem (404, 409, 422)."""
        try:
            with tenant_session(principal.tenant_id) as session:
                credential = session.get(Credential, credential_id)
                if credential is None:
                    raise not_found("credential")
                credential.name = name
                if data is not None:
                    checked = _check(credential.type, data)
                    sealed = seal(checked.to_json(), str(principal.tenant_id), str(credential_id), self.keys())
                    credential.hint = checked.hint
                    credential.wrapped_key, credential.nonce = sealed.wrapped_key, sealed.nonce
                    credential.ciphertext = sealed.ciphertext
                credential.updated_at = func.now()
                session.flush()
                session.refresh(credential)
                audit(session, principal, "credential.updated", credential_id)
        except IntegrityError:
            raise _taken(name) from None
        return credential

    def delete(self, principal: Principal, credential_id: uuid.UUID) -> None:
        """Remove. Raises Problem (404)."""
        with tenant_session(principal.tenant_id) as session:
            credential = session.get(Credential, credential_id)
            if credential is None:
                raise not_found("credential")
            session.delete(credential)
            audit(session, principal, "credential.deleted", credential_id)


def _check(kind: str, data: dict[str, Any]) -> Postgres | Smtp | HttpHeader | HttpBasic:
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
        raise Problem(422, "invalid_request", "The credential is not complete.", errors) from None


def _taken(name: str) -> Problem:
    return Problem(409, "name_taken", f"There is a credential {name!r} already; choose another name.")
