"""What the door writes into the audit itself, and what is not written: for operations whose service says nothing.

Whoever notes (`rows.note`) what an operation did, in the transaction that does it, needs no line here. What neither
notes nor stands here is written as `call.` and the operation's name: no change goes without an entry.
"""

from typing import Final

ACTIONS: Final = {
    "logout": "session.ended",
    "endSessions": "session.all_ended",
    "renameMe": "account.renamed",
    "saveWorkflow": "workflow.saved",
    "runWorkflow": "execution.started",
    "storeRunFile": "execution.file_stored",
    "cancelExecution": "execution.cancelled",
    "setBreakpoints": "execution.breakpoints_set",
    "changeExecutions": "execution.changed_many",
    "changeWorkflows": "workflow.changed_many",
    "listenOnce": "trigger.listened",
    "stopListening": "trigger.listening_stopped",
    "testTriggers": "trigger.tested",
    "setEntry": "store.entry_set",
    "deleteEntry": "store.entry_deleted",
    "addColumn": "table.column_added",
    "renameColumn": "table.column_renamed",
    "insertRows": "table.rows_inserted",
    "changeRow": "table.row_changed",
    "deleteRows": "table.rows_deleted",
    "exportRows": "table.exported",
    "connectCredential": "credential.connecting",
    "testCredential": "credential.tested",
    "listNodeOptions": "credential.used",
}
"""Operation -> what its entry is called. Of a GET only what stands here is written."""

SILENT: Final = {
    "askToResetPassword": "anybody asks, for any address; a reset is noted",
    "refreshSession": "goes on with a session whose start is written; a token that is used twice is noted",
    "showInvitation": "looks at what an invitation says",
    "validateWorkflow": "looks at a document that is not kept",
    "previewFires": "counts with a calendar",
    "evaluateAtStop": "evaluates, and keeps nothing",
    "previewExpression": "evaluates, and keeps nothing",
    "queryRows": "reads rows; it is a POST for its filters",
    "enterChat": "gives a ticket for a page; what is said there is an execution",
    "askPasskey": "gives a challenge to whoever asks; logging in with it is written",
    "askSecondFactor": "gives a challenge to whoever knows a password; logging in is written",
    "askMe": "gives a challenge; what it confirms is written",
    "findSignIn": "looks where a workspace's members log in",
    "createLiveTicket": "gives a ticket to watch; it ends within a minute",
}
"""Operation -> why nothing is written."""
METHODS: Final = frozenset(("POST", "PUT", "PATCH", "DELETE"))


def action_of(method: str, operation: str, status: int) -> str | None:
    """Return what an entry of a call is called; None where none is written.

    Args:
        method: of HTTP.
        operation: the operation's name in the OpenAPI document.
        status: what it was answered with.
    """
    if status == 403:
        return "call.refused"
    if status >= 400 or operation in SILENT:
        return None
    if operation in ACTIONS:
        return ACTIONS[operation]
    return f"call.{operation}" if method in METHODS else None


_EACH_ITSELF: Final = frozenset((402, 409))
"""Statuses that are no mistake and no attack: a full plan, and somebody who was quicker."""
_OF_INPUT: Final = frozenset(("invalid_request", "invalid_form", "wrong_code", "passkey_invalid", "weak_password"))
"""Codes of 422 that say that a body is not as it should be; the others are daily work, as a workflow with errors."""
_ROUTES: Final = {404: "unknown_path", 405: "wrong_method"}
"""What the router refuses, which has no code of its own."""


def counted_as(status: int, code: str) -> str:
    """Return what a refusal is counted as (`stepweave_data.refused`); "" where it is none that is counted.

    Args:
        status: of HTTP.
        code: of the problem document; "" where there was none.
    """
    if not 400 <= status < 500 or status in _EACH_ITSELF or (status == 422 and code not in _OF_INPUT):
        return ""
    return _ROUTES.get(status, "refused") if code in ("", "http_error") else code
