"""Who may call a webhook: anybody, who knows its credential, who signs with it, or who brings a token of its key."""

import base64
import hmac
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from functions.system.webhook.replays import Message
from functions.system.webhook.targets import HookTarget
from stepweave.runtime.credentials import Vault
from stepweave.runtime.errors import CredentialMissing, CredentialTypeMismatch, NodeError
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import Request

_refused = partial(Refusal, 401, "not_allowed", "Unauthorized", "The secret is missing or wrong.")


@dataclass(frozen=True)
class Proof:
    """What proved who calls. `header`, in lower case, holds a secret; `item` is what the workflow is told of it;
    `message` is what was signed, where that may come but once."""

    header: str = ""
    item: dict[str, Any] = field(default_factory=dict)
    message: Message | None = None


def check_caller(request: Request, target: HookTarget, vault: Vault) -> Proof:
    """Return what proves that who calls may do so.

    Raises:
        Refusal: 401 without the right proof, 403 where the webhook has nothing to check it with, 503 where that cannot
            be read now.
    """
    match target["authentication"]:
        case "none":
            return Proof()
        case "basic":
            _check_basic(request, _secret(target, vault, "http_basic"))
            return Proof("authorization")
        case "signature":
            from functions.system.webhook.signatures import check_signature

            secret = _secret(target, vault, "webhook_secret")
            secrets = (secret["secret"], secret.get("formerSecret", ""))
            return Proof(message=check_signature(request, target.get("signature", {}), secrets))
        case "jwt":
            from functions.system.webhook.bearers import claims_of

            claims = claims_of(request.headers.get("authorization", ""), _secret(target, vault, "webhook_jwt"))
            return Proof("authorization", {"jwt": claims})
        case _:
            secret = _secret(target, vault, "http_header")
            name: str = secret["name"].lower()
            if not _same(request.headers.get(name, ""), secret["value"]):
                raise _refused({"www-authenticate": f'Header realm="webhook", name="{name}"'})
            return Proof(name)


def _check_basic(request: Request, secret: dict[str, Any]) -> None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    wanted = base64.b64encode(f"{secret['user']}:{secret['password']}".encode()).decode()
    if not (_same(given.strip(), wanted) and scheme.lower() == "basic"):
        raise _refused({"www-authenticate": 'Basic realm="webhook", charset="UTF-8"'})


def _secret(target: HookTarget, vault: Vault, kind: str) -> dict[str, Any]:
    try:
        return vault.get(target["start"]["tenant_id"], target.get("credentialId", ""), kind)
    except (CredentialMissing, CredentialTypeMismatch) as error:
        what = "not there" if isinstance(error, CredentialMissing) else "of another type than its authentication"
        words = f"The webhook's credential is {what}, so nobody may call it."
        raise Refusal(403, "no_secret", "Not set up", words) from error
    except NodeError as error:
        raise Refusal(
            503, "no_credential", "Not available", "The webhook's credential cannot be read.", {"retry-after": "5"}
        ) from error


def _same(given: str, wanted: str) -> bool:
    """Compare in a time that tells nothing of how far they agree."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode("utf-8", "surrogatepass"))
