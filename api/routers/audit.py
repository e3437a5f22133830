"""The audit: listed, checked, exported."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from api import codes
from api.bodies import JsonRoute
from api.deps import RedisDep, requires
from api.params import Limit
from api.permissions import Permission
from api.refusing import refuses
from api.repositories.audit import Wanted
from api.schemas.audit import AuditEntry, AuditExport, AuditFault, AuditVerified
from api.schemas.base import Page
from api.services import auditing
from api.services.tokens import Principal

router = APIRouter(tags=["audit"], route_class=JsonRoute)

Auditor = Annotated[Principal, Depends(requires(Permission.AUDIT_READ))]
_TEXT = r"^[^\x00]*$"


def wanted(
    actor: Annotated[uuid.UUID | None, Query(description="Of this person, service account or API key only.")] = None,
    action: Annotated[
        str, Query(max_length=100, pattern=_TEXT, description="An action, or what actions begin with: `credential.`")
    ] = "",
    subject: Annotated[
        str, Query(max_length=100, pattern=_TEXT, description="What was done to this, by its id, only.")
    ] = "",
    search: Annotated[
        str,
        Query(max_length=200, pattern=_TEXT, description="Part of the action, the actor, the subject or the address."),
    ] = "",
    since: Annotated[datetime | None, Query(description="From this moment on.")] = None,
    until: Annotated[datetime | None, Query(description="Before this moment.")] = None,
) -> Wanted:
    """Return which entries are asked for."""
    return Wanted(actor, action, subject, search, since, until)


WantedDep = Annotated[Wanted, Depends(wanted)]
Before = Annotated[
    int | None,
    Query(ge=1, le=2**63 - 1, description="`nextBefore` of the page before; without it the latest entries."),
]


@router.get("/audit", operation_id="listAudit")
def list_audit(
    principal: Auditor,
    redis: RedisDep,
    which: WantedDep,
    cursor: Annotated[
        str | None, Query(max_length=20, pattern=r"^[0-9]{1,18}$", description="`nextCursor` of the page before.")
    ] = None,
    limit: Limit = 50,
) -> Page[AuditEntry]:
    """List who did what, the latest first."""
    found = auditing.entries(redis, principal, which, int(cursor) if cursor else None, limit + 1)
    items = [AuditEntry.model_validate(auditing.plain(row)) for row in found[:limit]]
    return Page(items=items, next_cursor=str(items[-1].seq) if len(found) > limit else None)


@router.get("/audit/verify", operation_id="verifyAudit")
def verify_audit(principal: Auditor) -> AuditVerified:
    """Compute the chain again: whether an entry was changed, is missing, or stands elsewhere."""
    found = auditing.verify(principal)
    faults = [AuditFault.model_validate(one) for one in found.faults]
    return AuditVerified(ok=not faults, entries=found.entries, head=found.head, faults=faults)


@router.get("/audit/export", operation_id="exportAudit", openapi_extra=refuses(codes.ANSWER_TOO_LARGE))
def export_audit(
    principal: Annotated[Principal, Depends(requires(Permission.AUDIT_EXPORT))],
    redis: RedisDep,
    which: WantedDep,
    format: Annotated[Literal["jsonl", "csv"], Query(description="JSON lines, or a table.")] = "jsonl",
    before: Before = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many entries a page has at most.")] = 500,
) -> AuditExport:
    """Return the audit as text, page by page, the latest entries first."""
    text, next = auditing.exported(redis, principal, which, before, format, limit)
    return AuditExport(text=text, next_before=next)
