"""Who may call a webhook: anybody, or who knows its credential."""

import base64
import hmac
from functools import partial
from typing import Any

from functions.system.webhook.targets import HookTarget
from stepweave.runtime.credentials import Vault
from stepweave.runtime.errors import NodeError
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import Request

_refused = partial(Refusal, 401, "not_allowed", "Unauthorized", "The secret is missing or wrong.")


def check_caller(request: Request, target: HookTarget, vault: Vault) -> str:
    """Return the name, in lower case, of the header that proved who calls; empty where anybody may.

    Raises:
        Refusal: 401 without the right secret, 503 where the secret cannot be read.
    """
    match target["authentication"]:
        case "none":
            return ""
        case "basic":
            _check_basic(request, _secret(target, vault, "http_basic"))
            return "authorization"
        case _:
            secret = _secret(target, vault, "http_header")
            name: str = secret["name"].lower()
            if not _same(request.headers.get(name, ""), secret["value"]):
                raise _refused({"www-authenticate": f'Header realm="webhook", name="{name}"'})
            return name


def _check_basic(request: Request, secret: dict[str, Any]) -> None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    wanted = base64.b64encode(f"{secret['user']}:{secret['password']}".encode()).decode()
    if not (_same(given.strip(), wanted) and scheme.lower() == "basic"):
        raise _refused({"www-authenticate": 'Basic realm="webhook", charset="UTF-8"'})


def _secret(target: HookTarget, vault: Vault, kind: str) -> dict[str, Any]:
    try:
        return vault.get(target["start"]["tenant_id"], target.get("credentialId", ""), kind)
    except NodeError as error:
        raise Refusal(
            503, "no_credential", "Not available", "The webhook's credential cannot be read.", {"retry-after": "5"}
        ) from error


def _same(given: str, wanted: str) -> bool:
    """Compare in a time that tells nothing of how far they agree."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode("utf-8", "surrogatepass"))
