"""Where a version is live: the environments of the workspace, and what of a document is different in one of them."""

from typing import Any, Final

from api import codes
from api.repositories.rows import rows_of
from api.services.compiling import catalogue
from api.services.tokens import Principal
from stepweave.model.environments import PRODUCTION
from stepweave_data.auditing import seeing
from stepweave_data.models import Environment

PREFIX: Final = "~"
"""Before the environment's key in addresses: no trigger's own path begins with it."""


def first(principal: Principal) -> str:
    """Return the key of the environment in which a new version is live, and a draft runs."""
    with rows_of(principal.tenant_id) as rows:
        return rows.environments.all()[0].key


def find(principal: Principal, key: str) -> Environment:
    """Return an environment. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        found = rows.environments.find(key)
    if found is None:
        raise codes.not_found("environment")
    return found


def placed(principal: Principal, document: dict[str, Any], environment: str) -> dict[str, Any]:
    """Return a document as its triggers are live in an environment.

    Elsewhere than in production their paths begin with its key, and they have the credentials that are mapped there:
    webhooks and providers ask for them by name, without an execution that would say where it runs.
    """
    if environment == PRODUCTION:
        return document
    # Of credentials that are shared with its project, too: what stands for them is in a project that the caller may not
    # see, and a trigger without it would be a customer's.
    with seeing(None), rows_of(principal.tenant_id) as rows:
        mapped = rows.environments.mapped(environment)
    nodes = [_placed(node, environment, mapped) for node in document.get("nodes", [])]
    return {**document, "nodes": nodes}


def _placed(node: dict[str, Any], environment: str, mapped: dict[str, str]) -> dict[str, Any]:
    entry = catalogue().get(str(node.get("type")), int(node.get("version") or 1))
    if entry is None or entry.trigger is None:
        return node
    params = dict(replaced(node.get("params") or {}, mapped))
    if isinstance(params.get("path"), str) and entry.trigger in ("webhook", "form", "chat"):
        params["path"] = f"{PREFIX}{environment}/{params['path'].lstrip('/')}"
    return {**node, "params": params}


def replaced(value: Any, mapped: dict[str, str]) -> Any:
    """Return JSON data with the ids of credentials replaced by those that stand for them."""
    if isinstance(value, str):
        return mapped.get(value.lower(), value)
    if isinstance(value, dict):
        return {key: replaced(entry, mapped) for key, entry in value.items()}
    if isinstance(value, list):
        return [replaced(entry, mapped) for entry in value]
    return value
