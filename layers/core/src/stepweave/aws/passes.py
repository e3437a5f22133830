"""Passes: signed proof of whose execution, or whose ask, a request is (ADR 54).

The control plane signs an execution's context where it starts; node functions hold no key and only hand it on. Vault,
store, storage, recorder and starter check it, and take tenant and execution from it alone. HMAC with SHA-256 over what
counts of the context: those who check may do what the key could be misused for anyway, and a cold start pays no
asymmetric cryptography. The secret may hold several keys, one a line: the first signs, all are good, so that one is
replaced without an execution that notices.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from stepweave.aws.secrets import is_set, secret
from stepweave.model.environments import PRODUCTION

SECRET: Final = "STEPWEAVE_CONTEXT_SECRET"  # noqa: S105  # its name
"""The variable of the secret (`stepweave.aws.secrets`)."""
SIGNED: Final = (
    "tenantId",
    "executionId",
    "workflowId",
    "workflowVersion",
    "mode",
    "trigger",
    "startedAt",
    "parent",
    "origin",
    "environment",
)
"""What of an `ExecutionContext` is signed. What names and addresses it has besides are for the workflow itself."""
ASK_SIGNED: Final = ("tenantId", "workflowId", "expires", "opens")
"""What of an ask's pass is signed. `opens` are the ids of the credentials, or of the registration, that it is about."""
ASK_SECONDS: Final = 120.0
"""How long the pass of an ask is good beyond the time that the ask may take."""
_ID: Final = re.compile(r'"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"', re.IGNORECASE)
_LONGEST: Final = 200
"""Characters of an id or a signature."""

Pass = Mapping[str, Any]
"""Who asks: the signed fields of a context with their `signature`, or those of an ask."""
Who = str | Pass
"""Who asks, as node functions say it (a pass), or as the control plane says it, which signs for itself (a tenant)."""
Context = TypeVar("Context", bound=Mapping[str, Any])


class PassRefused(Exception):
    """A request has no pass, or one that nobody of us has signed. `str()` says which, for people."""


class NoKey(Exception):
    """This function was deployed without the key."""


class PassMissing(PassRefused):
    """It has an execution's fields and no signature: it may have begun before there were any."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose request it is. `execution_id` is "" for an ask, `workflow_id` "" where no workflow is asked about."""

    tenant_id: str
    workflow_id: str = ""
    execution_id: str = ""
    version: int | None = None
    """Of the workflow; None for a draft and for an ask."""
    opens: frozenset[str] = frozenset()
    """What an ask may open."""
    environment: str = PRODUCTION
    """That an execution runs in. An ask is of none: what it names is what is meant."""


def signed(context: Context) -> Context:
    """Return an execution's context with its signature; as it is where this function has no key.

    Raises:
        AwsError: the secret cannot be read.
    """
    if not is_set(SECRET):
        return context
    return {**context, "signature": _signature(_keys()[0], "execution", _text(context, SIGNED))}  # type: ignore[return-value]


def ids_in(*values: Any) -> list[str]:
    """Return the ids (UUIDs) that are whole texts anywhere in JSON data, each once."""
    return sorted({id.lower() for value in values for id in _ID.findall(json.dumps(value))})


def ask_pass(tenant_id: str, workflow_id: str = "", seconds: float = 0.0, opens: Iterable[str] = ()) -> dict[str, Any]:
    """Return the pass of an ask of `seconds`; empty where this function has no key.

    Args:
        tenant_id: who asks.
        workflow_id: for which workflow; "" for none.
        seconds: how long the ask may take.
        opens: ids of what the vault may open for it.

    Raises:
        AwsError: the secret cannot be read.
    """
    if not is_set(SECRET):
        return {}
    given = {"tenantId": tenant_id, "workflowId": workflow_id, "expires": int(time.time() + seconds + ASK_SECONDS)}
    given["opens"] = sorted(opens)
    return {**given, "signature": _signature(_keys()[0], "ask", _text(given, ASK_SIGNED))}


def pass_of(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a node function hands on of its execution's context."""
    return {name: context[name] for name in (*SIGNED, "signature") if name in context}


def request_by(who: Who, **asked: Any) -> dict[str, Any]:
    """Return a request with whose it is: `tenantId`, which counts for nothing, and the `pass`, which counts;
    and `nodeId`, which node of the execution says to ask, for the audit.

    Raises:
        AwsError: the control plane's secret cannot be read.
    """
    opens = [str(asked[name]).lower() for name in ("credentialId", "registrationId") if asked.get(name)]
    proof = ask_pass(who, opens=opens) if isinstance(who, str) else pass_of(who) if "executionId" in who else dict(who)
    told = {"nodeId": who["nodeId"]} if not isinstance(who, str) and "nodeId" in who else {}
    return {"tenantId": tenant_of(who), **({"pass": proof} if proof else {}), **told, **asked}


def tenant_of(who: Who) -> str:
    """Return the tenant that somebody says to ask for."""
    return who if isinstance(who, str) else str(who["tenantId"])


def checked(given: Any) -> Bearer:
    """Return whose a pass is.

    Raises:
        PassMissing: it has no signature.
        PassRefused: it is none of ours, or is over.
        NoKey: this function has no key.
        KeyError, TypeError, ValueError: it is no pass.
        AwsError: the secret cannot be read.
    """
    if not isinstance(given, Mapping) or not given:
        raise PassRefused("The request does not say whose it is.")
    kind, names = ("execution", SIGNED) if "executionId" in given else ("ask", ASK_SIGNED)
    signature = given.get("signature")
    if signature is None and kind == "execution":
        raise PassMissing("The execution's context is not signed.")
    if not isinstance(signature, str) or len(signature) > _LONGEST:
        raise PassRefused("The request's pass is not signed.")
    text = _text(given, names)
    if not any(_same(_signature(key, kind, text), signature) for key in _keys()):
        raise PassRefused("The request's pass was not signed by this deployment, or was changed.")
    if kind == "ask" and not float(given["expires"]) > time.time():
        raise PassRefused("The request's pass is over.")
    tenant_id, workflow_id = str(given["tenantId"]), str(given.get("workflowId") or "")
    if kind == "ask":
        return Bearer(tenant_id, workflow_id, opens=frozenset(given.get("opens") or ()))
    version = given.get("workflowVersion")
    return Bearer(
        tenant_id,
        workflow_id,
        str(given["executionId"]),
        None if version is None else int(version),
        environment=str(given.get("environment") or PRODUCTION),
    )


def _keys() -> list[str]:
    keys = secret(SECRET).split() if is_set(SECRET) else []
    if not keys:
        raise NoKey(f"{SECRET} or {SECRET}_ARN must be set.")
    return keys


def _text(given: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """Return what is signed: JSON with sorted names, whole numbers as such, for JSONata has one kind of number."""
    kept = {name: given[name] for name in names if given.get(name) is not None}
    return json.dumps({name: _whole(value) for name, value in kept.items()}, sort_keys=True, separators=(",", ":"))


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _signature(key: str, kind: str, text: str) -> str:
    # The kind is signed, too: an ask's signature is none of an execution.
    digest = hmac.new(key.encode(), f"stepweave {kind}\n{text}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "surrogatepass"))
