"""How each kind of store is asked for a secret: AWS Secrets Manager and HashiCorp Vault's KV version 2.

AWS: docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html. HashiCorp:
developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2 and .../api-docs#http-status-codes.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from functions.system.vault.errors import CredentialUnavailable, SecretMissing, SecretRefused
from functions.system.vault.external import Fetch
from stepweave.runtime.authentication import Types
from stepweave.runtime.aws_account import account_of
from stepweave.runtime.aws_errors import AwsResourceMissing
from stepweave.runtime.errors import NodeError
from stepweave.spec.secret_references import Reference
from stepweave_data.oauth2.asking import SECONDS, ask
from stepweave_data.oauth2.replies import NoReply, Reply


@dataclass(frozen=True)
class _Asked:
    """What `account_of` needs of an ask: a credential's data, and until when."""

    data: Mapping[str, Any]
    deadline: float

    def credential(self, id: str, type: Types, refused: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return dict(self.data)

    def param(self, name: str) -> Any:
        return None


def from_aws(data: Mapping[str, Any], reference: Reference, store: str) -> Any:
    """Return a secret of AWS Secrets Manager, by name or ARN: the whole text, or a key of its JSON."""
    about = f"the secret {reference.path}"
    try:
        account = account_of(_Asked(data, time.monotonic() + SECONDS))
        answer = account.call(
            "secretsmanager",
            "secretsmanager.GetSecretValue",
            {"SecretId": reference.path},
            about=about,
            json_version="1.1",
        )
    except NodeError as error:
        raise _told(error, store) from None
    text = answer.get("SecretString")
    if not isinstance(text, str):
        raise SecretMissing(f"The secret “{reference.path}” of the store “{store}” is binary: store it as text.")
    return _of_json(text, reference, store) if reference.key else text


def from_hashicorp(data: Mapping[str, Any], reference: Reference, store: str) -> Any:
    """Return a key of a secret's latest version in a KV store of version 2."""
    if not reference.key:
        raise SecretMissing(f"Say which key of “{reference.path}” it is: …/{reference.path}#<key>.")
    mount, path = str(data.get("mount") or "secret").strip("/"), quote(reference.path, safe="/")
    url = f"{str(data['address']).rstrip('/')}/v1/{quote(mount, safe='/')}/data/{path}"
    headers = {"x-vault-token": str(data["token"]), "x-vault-request": "true"}
    if data.get("namespace"):
        headers["x-vault-namespace"] = str(data["namespace"])
    try:
        reply = ask("GET", url, headers)
    except NoReply as error:
        raise CredentialUnavailable(f"The store “{store}” does not answer. {error}") from None
    found = _kv(reply, reference, store)
    if reference.key not in found:
        raise SecretMissing(f"The secret “{reference.path}” of the store “{store}” has no key “{reference.key}”.")
    return found[reference.key]


def _kv(reply: Reply, reference: Reference, store: str) -> Mapping[str, Any]:
    """Return the latest version of a secret from Vault's answer."""
    where = f"“{reference.path}” of the store “{store}”"
    body = _json(reply.body)
    data = body.get("data") if isinstance(body, Mapping) else None
    inner = data.get("data") if isinstance(data, Mapping) else None
    match reply.status:
        case 200 if isinstance(inner, Mapping):
            return inner
        case 200 if isinstance(data, Mapping):
            words = f"What is mounted there for {where} is no KV store of version 2."
            raise SecretMissing(words)
        case 404 if isinstance(data, Mapping):
            raise SecretMissing(f"The latest version of {where} was deleted or destroyed.")
        case 404:
            raise SecretMissing(f"There is no secret {where}. Is the mount right?")
        case 400 | 401 | 403:
            raise SecretRefused(
                f"The store “{store}” refused its token for “{reference.path}” (status {reply.status})."
            )
        case 429 | 412 | 472 | 473 | 500 | 502 | 503 | 504:
            words = "is sealed, or is down for maintenance" if reply.status == 503 else "cannot answer now"
            raise CredentialUnavailable(f"The store “{store}” {words} (status {reply.status}).")
    raise SecretMissing(f"What answers for {where} is no HashiCorp Vault (status {reply.status}).")


def _told(error: NodeError, store: str) -> Exception:
    """Return an error of AWS's as one of the vault's."""
    if error.retryable:
        return CredentialUnavailable(f"The store “{store}” cannot answer now. {error.message}")
    kind = SecretMissing if isinstance(error, AwsResourceMissing) else SecretRefused
    return kind(f"The store “{store}”: {error.message}")


def _of_json(text: str, reference: Reference, store: str) -> Any:
    found = _json(text.encode())
    if not isinstance(found, Mapping):
        where = f"“{reference.path}” of the store “{store}”"
        raise SecretMissing(f"The secret {where} is no JSON object, so it has no key “{reference.key}”.")
    if reference.key not in found:
        raise SecretMissing(f"The secret “{reference.path}” of the store “{store}” has no key “{reference.key}”.")
    return found[reference.key]


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


FETCHES: Final[Mapping[str, Fetch]] = {"aws_secrets": from_aws, "hashicorp_vault": from_hashicorp}
"""By the credential type of the store."""
