"""The audit: read, checked, given away; and what doors write into it."""

import csv
import io
import json
import uuid
from dataclasses import dataclass
from typing import Any, Final

import redis

from api.repositories.audit import Found, Wanted
from api.repositories.rows import rows_of
from api.services.tokens import Principal
from stepweave_data import refused
from stepweave_data.auditing import Origin, origin
from stepweave_data.telemetry import logger

MOST_FAULTS: Final = 100
MOST_TOLD_EACH: Final = 20
"""Entries a minute that say what one caller may not do; more of them are counted together."""
COLUMNS: Final = (
    "seq", "at", "action", "actorKind", "actor", "userId", "keyId", "subject", "address", "agent", "requestId",
    "details", "before", "after", "hash",
)  # fmt: skip


@dataclass(frozen=True)
class Verified:
    """What came of checking a chain."""

    entries: int
    head: str
    faults: list[dict[str, Any]]


def entries(client: redis.Redis, principal: Principal, wanted: Wanted, before: int | None, limit: int) -> list[Found]:
    """Return a page of entries, the latest first."""
    _settle(client, principal, before)
    with rows_of(principal.tenant_id) as rows:
        return rows.audit.page(wanted, before, limit)


def _settle(client: redis.Redis, principal: Principal, before: int | None) -> None:
    """Have what the vault wrote down, and what was refused, in the audit, for whoever begins to read."""
    if before is not None:
        return
    with rows_of(principal.tenant_id) as rows:
        rows.audit.settle()
    try:
        refused.fold_now(client, principal.tenant_id, _note)
    except redis.RedisError as error:
        logger().warning("what was refused is not in the audit yet", error=repr(error))


def _note(where: str, found: list[refused.Refused]) -> None:
    with rows_of(uuid.UUID(where)) as rows:
        refused.note(rows.connection, where, found)


def verify(principal: Principal) -> Verified:
    """Compute the whole chain again and say which rows were changed, are missing, or stand elsewhere."""
    with rows_of(principal.tenant_id) as rows:
        head = rows.audit.head()
        faults = [
            {"seq": row.seq, "id": row.audit_id, "problem": row.problem}
            for row in rows.audit.faults(principal.tenant_id, MOST_FAULTS)
        ]
    return Verified(head.seq if head else 0, head.hash.hex() if head else "", faults)


def exported(
    client: redis.Redis, principal: Principal, wanted: Wanted, before: int | None, form: str, limit: int
) -> tuple[str, int | None]:
    """Return entries as text, the latest first, and where the next page begins; None where there is none.

    Args:
        client: Redis, where refusals are counted.
        principal: who asks; the first page is written into the audit itself.
        wanted: which entries.
        before: where the page begins; None for the first.
        form: `jsonl`, whose lines have the very text that was hashed, or `csv`, whose first page has the headers.
        limit: how many entries at most.
    """
    _settle(client, principal, before)
    with rows_of(principal.tenant_id) as rows:
        found = rows.audit.page(wanted, before, limit + 1)
        more, found = len(found) > limit, found[:limit]
        texts = rows.audit.texts([row.entry.id for row in found]) if form == "jsonl" else {}
        if before is None:
            rows.note(principal.user_id, "audit.exported", principal.tenant_id, format=form)
    text = _lines(found, texts) if form == "jsonl" else _csv(found, headed=before is None)
    return text, found[-1].seq if more else None


def _lines(found: list[Found], texts: dict[uuid.UUID, str]) -> str:
    told = ({**plain(row), "hashed": texts[row.entry.id]} for row in found)
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in told)


def _csv(found: list[Found], *, headed: bool) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    if headed:
        writer.writerow(COLUMNS)
    writer.writerows([_cell(plain(row)[name]) for name in COLUMNS] for row in found)
    return out.getvalue()


def _cell(value: Any) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def plain(row: Found) -> dict[str, Any]:
    """Return an entry as JSON."""
    entry = row.entry
    return {
        "seq": row.seq,
        "id": str(entry.id),
        "at": entry.at.isoformat(),
        "action": entry.action,
        "actorKind": entry.actor_kind,
        "actor": entry.actor,
        "userId": str(entry.user_id) if entry.user_id else None,
        "keyId": str(entry.key_id) if entry.key_id else None,
        "subject": entry.subject,
        "address": entry.address,
        "agent": entry.agent,
        "requestId": entry.request_id,
        "details": entry.details,
        "before": entry.before,
        "after": entry.after,
        "hash": row.hash.hex(),
    }


def login_failed(tenant_id: uuid.UUID, user_id: uuid.UUID, why: str) -> None:
    """Write down that somebody tried to be a user and was not let in.

    Args:
        tenant_id: where the user would have gone.
        user_id: who they said they were.
        why: `password`, or what else was wrong.
    """
    with rows_of(tenant_id) as rows:
        rows.note(None, "session.refused", user_id, why=why)


def call(action: str, operation: str, subject: str, status: int) -> None:
    """Write down what a request did, for a service that did not. Nothing where nobody is known to have called."""
    who: Origin = origin()
    if who.tenant_id is None:
        return
    with rows_of(who.tenant_id) as rows:
        about = {**who.remarks, **({"operation": operation} if action.startswith("call.") else {})}
        if status >= 400:
            about["status"] = status
        rows.note(who.user_id, action, _uuid(subject) or who.tenant_id, **about)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
