"""Opens a credential for a node of its own tenant. Nothing here may reach a log."""

from collections.abc import Collection
from functools import cache
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb

from functions.system.vault.applying import bound_hosts, named_hosts, rate_of, request_of
from functions.system.vault.errors import (
    ContextRefused,
    CredentialNotFound,
    CredentialNotShared,
    CredentialTypeMismatch,
    SecretMissing,
)
from functions.system.vault.renewing import Owner, Renewal
from functions.system.vault.types import CredentialType, Types
from stepweave.spec.credential_parts import ANY, NOWHERE
from stepweave.spec.secret_references import STORES
from stepweave_data import auditing
from stepweave_data.link import Connection, Link, Row
from stepweave_data.oauth2.tokens import parted
from stepweave_data.secrets.external import External, Whose
from stepweave_data.vaulting import KeyService, Sealed, unseal

_CREDENTIAL: Final = """
SELECT type, name, connection,
  (SELECT json_object_agg(model, rates) FROM model_prices WHERE provider = credentials.type),
  (SELECT ended_at < now() - interval '15 minutes' FROM executions WHERE executions.id = %s),
  bound, wrapped_key, nonce, ciphertext
FROM credentials WHERE id = %s
  AND (%s::uuid IS NULL OR EXISTS (SELECT FROM workflows w WHERE w.id = %s AND (w.project_id = credentials.project_id
    OR EXISTS (SELECT FROM credential_shares s JOIN credentials n ON n.id = s.credential_id
      WHERE s.credential_id IN (credentials.id, %s) AND n.project_id = credentials.project_id
      AND s.project_id = w.project_id))))
"""
"""A workflow has the credentials of its own project, those shared with it, and what stands for one of those in an
environment, by the word of who manages both; an ask, of whom the API knows what they see, is of none."""
_THERE: Final = "SELECT 1 FROM credentials WHERE id = %s"

_NOTE: Final = """
WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO credential_reads (tenant_id, credential_id, details) SELECT %s, %s, %s FROM quick
"""
_TOLD: Final = ("executionId", "nodeId", "workflowId")
"""What an entry of the audit says of who asked, where the request has it."""
_REGISTRATION: Final = (
    "SELECT wrapped_key, nonce, ciphertext FROM registrations WHERE id = %s AND ciphertext IS NOT NULL"
)


def open_registration(request: dict[str, Any], link: Link, keys: KeyService) -> dict[str, Any]:
    """Return `{"kept"}`: what `activate` of a trigger with code gave (contracts.md, "Triggers with code").

    Args:
        request: `tenantId`, `registrationId`.
        link: Postgres.
        keys: unwraps data keys.

    Raises:
        CredentialNotFound: the tenant has no such registration, or nothing is kept of it.
        vaulting.CannotOpen: it was altered.
        psycopg.Error, AwsError: Postgres or KMS cannot be reached; trying again may help.
    """
    try:
        tenant_id, id = str(UUID(request["tenantId"])), str(UUID(request["registrationId"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise CredentialNotFound("There is no such registration.") from None
    row = link.tenant(tenant_id, lambda it: it.execute(_REGISTRATION, (id,), prepare=True).fetchone())
    if row is None:
        raise CredentialNotFound("There is no such registration.")
    return {"kept": unseal(Sealed(*map(bytes, row)), tenant_id, id, keys)}


@cache
def external() -> External:
    """Return what fetches secrets from stores in this worker."""
    return External()


def open_credential(request: dict[str, Any], types: Types, link: Link, keys: KeyService) -> dict[str, Any]:
    """Return `{"type", "data", "request", "hosts", "token", "rate"}` (contracts.md, "The vault").

    Args:
        request: `tenantId`, `executionId` (none for an ask), `credentialId`, `type` (or `types`, any of which it may be
            of), `named` (the one that it stands for in the environment), and `refused`: the `token` that a server would
            not take.
        types: what is known of credential types; one of another type goes on no request.
        link: Postgres.
        keys: wraps and unwraps data keys.

    Raises:
        CredentialError: it cannot be had.
        vaulting.CannotOpen: it was altered.
        psycopg.Error, AwsError: Postgres or KMS cannot be reached; trying again may help.
    """
    try:
        tenant_id, id = str(UUID(request["tenantId"])), str(UUID(request["credentialId"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise CredentialNotFound("There is no such credential.") from None
    row = link.tenant(tenant_id, lambda it: _read(it, tenant_id, id, request))
    if row is None and link.tenant(tenant_id, lambda it: it.execute(_THERE, (id,)).fetchone()):
        words = (
            "The credential belongs to another project, and is not, or no longer, shared with the workflow's project."
        )
        raise CredentialNotShared(words)
    if row is None:
        raise CredentialNotFound("There is no such credential: it was deleted.")
    kind, name, connection, prices, is_over, bound, *sealed = row
    if is_over:  # steps that are still running then have their time; a pass that somebody kept is good no longer
        raise ContextRefused("The execution has ended.")
    wanted = request["types"] if "types" in request else [request.get("type")]
    type = types.get(kind, CredentialType())
    _check_type(type, kind, name, wanted, types)
    data, tokens = parted(unseal(Sealed(*map(bytes, sealed)), tenant_id, id, keys))
    refused = str(request.get("refused", ""))
    whose = Whose.by(link, tenant_id, keys)
    token = ""
    if type.oauth2:
        # What a client shows to its provider is fetched when it is asked for a token, which is not often.
        renewal = Renewal(
            Owner(tenant_id, id, name, connection),
            type.oauth2,
            link,
            keys,
            lambda fields, refused: external().filled(fields, type.secrets, whose, refused)[0],
        )
        tokens = renewal.current(data, tokens, refused)
        # What renews the token stays here: a node needs the token only.
        data = {name: value for name, value in data.items() if name not in type.secrets} | {
            "accessToken": tokens.access
        }
        token = tokens.digest
    else:
        data, token = external().filled(data, type.secrets, whose, refused)
        if token and type.on_request is not None:
            _check_fits(data, type.secrets)
    if prices:
        # Nothing of the credential's: what the tenant says that models of such an account cost.
        data = {**data, "prices": prices}
    if bound and "allowedHosts" in data and not type.hosts and not str(data["allowedHosts"] or "").strip(" ,"):
        data = {**data, "allowedHosts": NOWHERE}  # of a certificate, which the node checks by its data
    return {
        "type": kind,
        "data": {} if ANY in wanted else data,
        "request": request_of(type, data),
        "hosts": _hosts(type, data, name, _called(kind, types), is_any=ANY in wanted, bound=bound),
        "token": token,
        "rate": rate_of(type, data),
    }


def _check_fits(data: dict[str, Any], secrets: Collection[str]) -> None:
    """Refuse a fetched secret that cannot go with a request: a line break in a header would be another header."""
    wrong = [name for name in sorted(secrets) if not str(data.get(name) or "").isprintable()]
    if wrong:
        words = f"The secret that the field “{wrong[0]}” refers to has a line break, which cannot go with a request."
        raise SecretMissing(words)


def _hosts(
    type: CredentialType, data: dict[str, Any], name: str, called: str, *, is_any: bool, bound: bool
) -> list[str]:
    """Return the patterns of the hosts that a credential may be sent to; none for any host."""
    hosts = bound_hosts(type, data) if is_any and not type.hosts else named_hosts(type, data, bound=bound)
    if hosts is None:
        words = f"The credential “{name}” of type {called} does not say to which hosts it belongs."
        raise CredentialTypeMismatch(words)
    return hosts


def _read(connection: Connection, tenant_id: str, id: str, request: dict[str, Any]) -> Row | None:
    """Return a credential's row, and write down that it was read. It is in the audit a minute later (`fold_reads`): an
    entry is chained to the one before it, for which a node would wait. What is read first and written down later can be
    lost with the server's last moments (`synchronous_commit`): a node does not wait for a disk."""
    execution_id, workflow_id = (request.get(name) or None for name in ("executionId", "workflowId"))
    try:
        named = str(UUID(request["named"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        named = id
    values = (execution_id, id, workflow_id, workflow_id, named)
    row = connection.execute(_CREDENTIAL, values, prepare=True).fetchone()
    if row is not None and not row[4]:  # of an execution that has ended nothing is opened
        about = {name: str(request[name])[:100] for name in _TOLD if request.get(name)}
        connection.execute(_NOTE, (tenant_id, id, Jsonb(auditing.told(about))), prepare=True)
    return row


def _check_type(type: CredentialType, kind: str, name: str, wanted: list[Any], types: Types) -> None:
    """Refuse a credential of another type than the node can use. Raises CredentialTypeMismatch."""
    if kind in STORES:
        words = f"The credential “{name}” is a store of secrets: other credentials refer to it, and no node has it."
        raise CredentialTypeMismatch(words)
    if ANY in wanted:
        _check_http(type, kind, name, types)
    elif kind not in wanted:
        needs = " or ".join(_called(str(one), types) for one in wanted)
        raise CredentialTypeMismatch(
            f"The credential “{name}” is of type {_called(kind, types)}, but the node needs {needs}."
        )


def _check_http(type: CredentialType, kind: str, name: str, types: Types) -> None:
    """Refuse a credential that goes with no HTTP request."""
    if type.on_request is None:
        raise CredentialTypeMismatch(
            f"The credential “{name}” is of type {_called(kind, types)}, which cannot be sent with an HTTP request."
        )


def _called(type: str, types: Types) -> str:
    """Return a type as people see it: what the editor calls it, and its name in documents."""
    known = types.get(type)
    return f"“{known.name}” ({type})" if known and known.name else type
