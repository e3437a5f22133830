"""How things stand with an execution whose visitor waits, and what the visitor sees in its end."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from functions.system.form import pages
from functions.system.form.words import Words, words_of
from stepweave.model.json_text import write
from stepweave.runtime.answers import is_allowed
from stepweave.runtime.claims import Claims
from stepweave.spec.forms.languages import language_of
from stepweave_data.hooks.looks import Look
from stepweave_data.hooks.refusals import SANDBOX
from stepweave_data.link import Connection

TRIGGER: Final = "form_trigger"
MORE: Final = frozenset(("form_page", "form_ending", "respond_to_webhook", "execute_workflow"))
"""Nodes that may show something else than the trigger says; without any there is nothing to wait for."""
ENDED: Final = frozenset(("succeeded", "failed", "timed_out", "cancelled"))
_EXECUTION: Final = """
SELECT x.status, x.response, coalesce(x.document, v.document),
  (SELECT e.data #>> '{trigger,nodeId}' FROM execution_events e
   WHERE e.execution_id = x.id AND e.type = 'execution.started' LIMIT 1),
  EXISTS (SELECT FROM waits w WHERE w.execution_id = x.id AND w.kind = 'form' AND w.state = 'resolved')
FROM executions x LEFT JOIN workflow_versions v ON v.workflow_id = x.workflow_id AND v.number = x.workflow_version
WHERE x.id = %s
"""
_LAST: Final = """
SELECT data -> 'output' FROM execution_events WHERE execution_id = %s AND type = 'execution.succeeded' LIMIT 1
"""
_PAGE: Final = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Standing:
    """How things stand.

    Attributes:
        execution_id: whose.
        status: of the execution.
        response: what a node answered; None where none did yet.
        form: the parameters of the form that started it; None where something else did.
        look: how its pages look.
        more: whether a node may still show something.
        answered: whether a visitor has sent something.
    """

    execution_id: str
    status: str
    response: dict[str, Any] | None
    form: Mapping[str, Any] | None
    look: Look
    more: bool
    answered: bool

    @property
    def over(self) -> bool:
        """Whether the execution has ended."""
        return self.status in ENDED


def standing_of(connection: Connection, execution_id: str, plain: Look) -> Standing:
    """Return how things stand with an execution; its tenant's transaction sees it.

    Args:
        connection: in that transaction.
        execution_id: which.
        plain: how its pages look where it has no form.
    """
    row = connection.execute(_EXECUTION.encode(), (execution_id,)).fetchone()
    status, response, document, trigger_id, sent = row or ("queued", None, None, None, False)
    nodes = [node for node in (document or {}).get("nodes", []) if isinstance(node, dict)]
    forms = {node.get("id"): node.get("params", {}) for node in nodes if node.get("type") == TRIGGER}
    form = forms.get(trigger_id)
    shown = form if form is not None else next(iter(forms.values()), None)
    more = row is None or any(node.get("type") in MORE and not node.get("disabled") for node in nodes)
    look = plain if shown is None else look_of(shown)
    return Standing(execution_id, status, response, form, look, more, answered=form is not None or sent)


def look_of(params: Mapping[str, Any]) -> Look:
    """Return how pages look by a form trigger's parameters as they were saved."""
    return {
        "color": str(params.get("color", "")),
        "appearance": str(params.get("appearance", "auto")),
        "logoUrl": str(params.get("logoUrl", "")),
        "language": language_of(params),
        "embed": str(params.get("embed", "")),
    }


def ending(connection: Connection, it: Standing, claims: Claims, tenant_id: str) -> dict[str, Any] | None:
    """Return what is shown in the end, or None where that has not come yet.

    Raises:
        DataMissing: the last node's items are gone.
        StorageUnavailable: they could not be fetched.
    """
    if it.response is not None:
        return _answered(it.response, it.look)
    form, words = it.form or {}, words_of(it.look["language"])
    respond = form.get("respond", "text")
    if not it.over:
        return _said(it, form) if it.form is not None and not it.more and respond != "lastNode" else None
    if it.status != "succeeded" or not it.answered:
        return _unfinished(it, words)
    if respond != "lastNode":
        return _said(it, form)
    text = _last_text(connection, it.execution_id, str(form.get("lastField", "message")), claims, tenant_id)
    return pages.message(str(form.get("endTitle") or words("thanks")), text or words("arrived"), it.look)


def _unfinished(it: Standing, words: Words) -> dict[str, Any]:
    """Return the page of an execution that did not come to its end, or that its visitor had no part in."""
    note = words("reference", id=it.execution_id)
    if it.status == "failed":
        text = words("couldNotGoOn" if it.answered else "couldNotEnd")
        return pages.message(words("wentWrong"), text, it.look, 500, note=note)
    if it.status == "cancelled":
        return pages.message(words("ended"), words("endedNow"), it.look, 410, note=note)
    return pages.message(words("tooLate"), words("timeOverNow"), it.look, 410, note=note)


def _said(it: Standing, form: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the trigger says, or thanks."""
    address = str(form.get("redirectUrl", ""))
    if form.get("respond") == "redirect" and _PAGE.fullmatch(address):
        return pages.elsewhere(address, it.look)
    words = words_of(it.look["language"])
    message = str(form.get("endMessage") or words("arrived"))
    return pages.message(str(form.get("endTitle") or words("thanks")), message, it.look)


def _last_text(connection: Connection, execution_id: str, field: str, claims: Claims, tenant_id: str) -> str:
    row = connection.execute(_LAST.encode(), (execution_id,)).fetchone()
    output = row[0] if row else None
    if not output:
        return ""
    items = claims.fetch(next(iter(output.values())), tenant_id)
    value = items[0]["json"].get(field) if items else None
    if value is None or value == "":
        return ""
    return value if isinstance(value, str) else write(value)


def _answered(response: Mapping[str, Any], look: Look) -> dict[str, Any]:
    """Return what a node answered: an ending of ours, or whatever a Respond to webhook node says."""
    headers, body = response.get("headers") or {}, response.get("body")
    told = body.get("ending") if isinstance(body, dict) and not headers else None
    if isinstance(told, dict):
        title = str(told.get("title") or words_of(look["language"])("thanks"))
        return pages.message(title, str(told.get("message", "")), look)
    own = {name.lower(): " ".join(str(value).splitlines()) for name, value in headers.items()}
    own = {name: value for name, value in own.items() if is_allowed(name)}
    if not isinstance(body, str | None):
        own.setdefault("content-type", "application/json; charset=utf-8")
    text = body if isinstance(body, str) else "" if body is None else write(body)
    framed = pages.policy(look)["content-security-policy"].rpartition(";")[2]
    policy = f"{SANDBOX['content-security-policy'].rpartition(';')[0]};{framed}"
    return {
        "statusCode": response.get("statusCode", 200),
        "headers": {**own, **SANDBOX, "content-security-policy": policy, "cache-control": "no-store"},
        "body": text,
    }
