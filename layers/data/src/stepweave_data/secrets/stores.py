"""How each kind of store is asked for a secret: AWS Secrets Manager, HashiCorp Vault's KV version 2, and any that
answers JSON over HTTPS.

AWS: docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html. HashiCorp:
developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2, .../api-docs/auth/approle and .../api-docs#http-status-codes.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from stepweave.runtime.authentication import Types
from stepweave.runtime.aws_account import Account, account_of
from stepweave.runtime.aws_errors import AwsResourceMissing
from stepweave.runtime.errors import NodeError
from stepweave_data.oauth2.asking import SECONDS, ask
from stepweave_data.oauth2.replies import NoReply, Reply
from stepweave_data.secrets.errors import CredentialUnavailable, SecretMissing, SecretRefused

Fetch = Callable[[Mapping[str, Any], str, str], Any]
"""Gives what lies at a path of a store (`stepweave_data.secrets.external`)."""
PLACE: Final = "{path}"
"""Where an address of a store over HTTPS has the secret's path."""
MOST_TOKENS: Final = 200
_AWAY: Final = frozenset({408, 412, 425, 429, 472, 473, 500, 502, 503, 504})
_EARLY: Final = 0.8
"""Of the time that a token of an AppRole lasts, after which another is asked for."""
_tokens: dict[bytes, tuple[float, str]] = {}
"""Tokens of AppRoles in this worker, by all that they were asked for with, and until when."""


@dataclass(frozen=True)
class _Asked:
    """What `account_of` needs of an ask: a credential's data, and until when."""

    data: Mapping[str, Any]
    deadline: float

    def credential(self, id: str, type: Types, refused: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return dict(self.data)

    def param(self, name: str) -> Any:
        return None


def from_aws(data: Mapping[str, Any], path: str, store: str) -> str:
    """Return a secret of AWS Secrets Manager, by name or ARN."""
    asked, about = {"SecretId": path}, f"the secret {path}"
    answer = _aws(
        data,
        store,
        lambda it: it.call("secretsmanager", "secretsmanager.GetSecretValue", asked, about=about, json_version="1.1"),
    )
    text = answer.get("SecretString")
    if not isinstance(text, str):
        raise SecretMissing(f"The secret “{path}” of the store “{store}” is binary: store it as text.")
    return text


def check_aws(data: Mapping[str, Any], store: str) -> str:
    """Return words for people where AWS takes the key, and lets it take on its role: no policy can forbid to ask."""
    _aws(data, store, lambda it: it.query("sts", "GetCallerIdentity", "2011-06-15", {}, about="the key"))
    return "AWS takes the key" + (" and its role" if data.get("roleArn") else "")


def from_hashicorp(data: Mapping[str, Any], path: str, store: str) -> Mapping[str, Any]:
    """Return the keys of a secret's latest version in a KV store of version 2."""
    mount = str(data.get("mount") or "secret").strip("/")
    where = f"/v1/{quote(mount, safe='/')}/data/{quote(path, safe='/')}"
    reply = _vault(data, where, store)
    return _kv(reply, path, store)


def check_hashicorp(data: Mapping[str, Any], store: str) -> str:
    """Return words for people where a server of HashiCorp Vault takes the token, or the AppRole."""
    reply = _vault(data, "/v1/auth/token/lookup-self", store)
    body = _json(reply.body)
    found = body.get("data") if isinstance(body, Mapping) else None
    if reply.status == 200 and isinstance(found, Mapping):
        end = found.get("expire_time")
        return (
            f"It takes the token, which ends {end}"
            if isinstance(end, str) and end.isprintable()
            else "It takes the token"
        )
    if reply.status == 403:
        words = "it is wrong, or over, or has not the policy “default” and may not look itself up: then try a path"
        raise SecretRefused(f"The store “{store}” refused its token (status 403): {words}.")
    raise _said_no(reply.status, store, "/v1/auth/token/lookup-self")


def from_https(data: Mapping[str, Any], path: str, store: str) -> Any:
    """Return what a server answers for a path: JSON's object (or text), or a text."""
    reply = _https(data, path, store)
    if reply.status != 200:
        raise _no_secret(reply.status, path, store)
    found: Any = reply.body.decode("utf-8", "replace")
    if reply.content_type.endswith("json") or found[:1] in ("{", '"'):
        found = _json(reply.body)
        for part in filter(None, str(data.get("within") or "").split(".")):
            found = found.get(part) if isinstance(found, Mapping) else None
    elif reply.content_type == "text/html":
        raise SecretMissing(f"What answers for “{path}” of the store “{store}” is a page for people, and no secret.")
    if isinstance(found, (Mapping, str)) or (isinstance(found, list) and data.get("within")):
        return found
    at = f" at “{data['within']}”" if data.get("within") else ""
    raise SecretMissing(f"The answer for “{path}” of the store “{store}” has no JSON object{at}.")


def check_https(data: Mapping[str, Any], store: str) -> str:
    """Return words for people where the server answers at all: what else it knows, only a path tells."""
    reply = _https(data, "stepweave-test", store)
    if reply.status in (401, 403) or reply.status in _AWAY:
        raise _no_secret(reply.status, "stepweave-test", store)
    return f"It answers (status {reply.status})"


def _aws(data: Mapping[str, Any], store: str, work: Callable[[Account], Any]) -> Any:
    try:
        return work(account_of(_Asked(data, time.monotonic() + SECONDS)))
    except NodeError as error:
        raise _told(error, store) from None


def _vault(data: Mapping[str, Any], where: str, store: str) -> Reply:
    """Return a server's answer to a GET with the token; of an AppRole with another where it takes the one no more."""
    token = str(data.get("token") or "")
    if token:
        return _get(data, where, store, token)
    reply = _get(data, where, store, _role_token(data, store))
    if reply.status == 403:  # it was revoked, or its uses are over
        _tokens.pop(_key_of(data), None)
        reply = _get(data, where, store, _role_token(data, store))
    return reply


def _get(data: Mapping[str, Any], where: str, store: str, token: str) -> Reply:
    return _asked(store, lambda: _ask(data, "GET", _base(data) + where, {**_headers(data), "x-vault-token": token}))


def _role_token(data: Mapping[str, Any], store: str) -> str:
    """Return the token of an AppRole: the one at hand while it lasts. Raises CredentialError."""
    key = _key_of(data)
    until, token = _tokens.get(key, (0.0, ""))
    if until > time.monotonic():
        return token
    mount = quote(str(data.get("roleMount") or "approle").strip("/"), safe="/")
    body = json.dumps({"role_id": str(data.get("roleId", "")), "secret_id": str(data.get("secretId", ""))}).encode()
    headers = {**_headers(data), "content-type": "application/json"}
    reply = _asked(store, lambda: _ask(data, "POST", f"{_base(data)}/v1/auth/{mount}/login", headers, body))
    found = _json(reply.body)
    auth = found.get("auth") if isinstance(found, Mapping) else None
    given = auth.get("client_token") if isinstance(auth, Mapping) else None
    if reply.status != 200 or not isinstance(given, str) or not given.isprintable() or not isinstance(auth, Mapping):
        if reply.status in (400, 401, 403):
            words = "the secret ID may be over, or its uses"
            raise SecretRefused(f"The store “{store}” refused its AppRole (status {reply.status}): {words}.")
        if reply.status == 404:
            raise SecretRefused(f"The store “{store}” has no AppRole mounted at “{mount}”.")
        raise _said_no(reply.status, store, "the login of its AppRole")
    lasts = auth.get("lease_duration")
    seconds = float(lasts) if isinstance(lasts, (int, float)) and not isinstance(lasts, bool) and lasts > 0 else 3600.0
    if len(_tokens) >= MOST_TOKENS:
        _tokens.pop(next(iter(_tokens)))
    _tokens[key] = (time.monotonic() + min(seconds * _EARLY, 3600.0), given)
    return given


def _key_of(data: Mapping[str, Any]) -> bytes:
    asked = [str(data.get(name) or "") for name in ("address", "namespace", "roleMount", "roleId", "secretId")]
    return hashlib.sha256(json.dumps(asked).encode()).digest()


def _base(data: Mapping[str, Any]) -> str:
    return str(data["address"]).rstrip("/")


def _headers(data: Mapping[str, Any]) -> dict[str, str]:
    namespace = str(data.get("namespace") or "")
    return {"x-vault-request": "true", **({"x-vault-namespace": namespace} if namespace else {})}


def _https(data: Mapping[str, Any], path: str, store: str) -> Reply:
    address = str(data["address"])
    before, place, _ = address.partition(PLACE)
    # In a query a slash is a part of the value; in a path it leads on.
    text = quote(path, safe="" if "?" in before else "/")
    url = address.replace(PLACE, text) if place else f"{address.rstrip('/')}/{text}"
    header = {str(data.get("header") or "Authorization"): str(data.get("value") or "")}
    return _asked(store, lambda: _ask(data, "GET", url, {"accept": "application/json", **header}))


def _ask(
    data: Mapping[str, Any], method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
) -> Reply:
    """Ask a store's server, which may have a certificate of an authority of the company's own. Raises NoReply."""
    return ask(method, url, headers, body, authorities=str(data.get("caCertificate") or "").strip())


def _asked(store: str, work: Callable[[], Reply]) -> Reply:
    try:
        return work()
    except NoReply as error:
        raise CredentialUnavailable(f"The store “{store}” does not answer. {error}") from None


def _kv(reply: Reply, path: str, store: str) -> Mapping[str, Any]:
    """Return the latest version of a secret from Vault's answer."""
    where = f"“{path}” of the store “{store}”"
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
            hint = "Leave out data/, which the API's path has." if path.startswith("data/") else "Is the mount right?"
            raise SecretMissing(f"There is no secret {where}. {hint}")
        case 400 | 401 | 403:
            # Vault says 403 of what is not there, too, for whom may not know: also of a mount of version 1.
            words = "it is over, or its policy does not let it read this path in a KV store of version 2"
            raise SecretRefused(f"The store “{store}” refused its token for “{path}” (status {reply.status}): {words}.")
    raise _said_no(reply.status, store, f"“{path}”")


def _said_no(status: int, store: str, what: str) -> Exception:
    if status in _AWAY:
        words = "is sealed, or is down for maintenance" if status == 503 else "cannot answer now"
        return CredentialUnavailable(f"The store “{store}” {words} (status {status}).")
    if 300 <= status < 400:
        return SecretMissing(
            f"The store “{store}” leads elsewhere for {what} (status {status}), where its token is not sent: "
            "give the address of the active server."
        )
    return SecretMissing(f"What answers for {what} of the store “{store}” is no HashiCorp Vault (status {status}).")


def _no_secret(status: int, path: str, store: str) -> Exception:
    if status in (401, 403):
        return SecretRefused(f"The store “{store}” refused its header for “{path}” (status {status}).")
    if status in _AWAY:
        return CredentialUnavailable(f"The store “{store}” cannot answer now (status {status}).")
    if status in (404, 410):
        return SecretMissing(f"There is no secret “{path}” in the store “{store}” (status {status}).")
    where = " and leads elsewhere, where its header is not sent" if 300 <= status < 400 else ""
    return SecretMissing(f"The store “{store}” answers for “{path}” with status {status}{where}.")


def _told(error: NodeError, store: str) -> Exception:
    """Return an error of AWS's as one of the vault's."""
    if error.retryable:
        return CredentialUnavailable(f"The store “{store}” cannot answer now. {error.message}")
    kind = SecretMissing if isinstance(error, AwsResourceMissing) else SecretRefused
    return kind(f"The store “{store}”: {error.message}")


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


FETCHES: Final[Mapping[str, Fetch]] = {
    "aws_secrets": from_aws,
    "hashicorp_vault": from_hashicorp,
    "https_secrets": from_https,
}
"""By the credential type of the store."""
CHECKS: Final[Mapping[str, Callable[[Mapping[str, Any], str], str]]] = {
    "aws_secrets": check_aws,
    "hashicorp_vault": check_hashicorp,
    "https_secrets": check_https,
}
"""Whether a store takes what it is asked with: words for people. Raises CredentialError."""
