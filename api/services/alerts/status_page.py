"""The status page that a workspace shows to whoever has its link: names that were chosen, and nothing else."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows, public_status, rows_of
from api.services.tokens import Principal
from stepweave_data.models import StatusPage


def shown(principal: Principal) -> StatusPage:
    """Return the page; an empty one where nobody made one."""
    with rows_of(principal.tenant_id) as rows:
        return rows.alerts.page_of(principal.tenant_id) or StatusPage(
            tenant_id=principal.tenant_id, title="Status", items=[]
        )


def save(principal: Principal, title: str, items: Sequence[tuple[uuid.UUID, str]]) -> StatusPage:
    """Say what the page shows; who has the link sees it at once. Raises Refused (`invalid_request`)."""
    with rows_of(principal.tenant_id) as rows:
        for index, (id, _) in enumerate(items):
            if rows.workflows.find(id) is None:
                raise _wrong(f"items.{index}.workflowId", "There is no such workflow.")
        if len({id for id, _ in items}) < len(items):
            raise _wrong("items", "A workflow stands on the page once.")
        page = _page(rows, principal)
        before = {"title": page.title, "items": page.items}
        page.title = title
        page.items = [{"workflowId": str(id), "label": label} for id, label in items]
        _touch(page, principal)
        after = {"title": page.title, "items": page.items}
        rows.note(principal.user_id, "status_page.changed", principal.tenant_id, before=before, after=after)
        rows.write()
        return page


def share(principal: Principal, public_url: str) -> str:
    """Make a link to the page and return it; one that there was shows nothing any more."""
    token = secrets.token_urlsafe(32)
    with rows_of(principal.tenant_id) as rows:
        page = _page(rows, principal)
        was = page.token_hash is not None
        page.token_hash = _hash(token)
        _touch(page, principal)
        rows.note(
            principal.user_id, "status_page.shared", principal.tenant_id, before={"shared": was}, after={"shared": True}
        )
    return f"{public_url}/status/{token}"


def unshare(principal: Principal) -> None:
    """Take the link back: it shows nothing any more."""
    with rows_of(principal.tenant_id) as rows:
        page = _page(rows, principal)
        was, page.token_hash = page.token_hash is not None, None
        _touch(page, principal)
        rows.note(
            principal.user_id,
            "status_page.unshared",
            principal.tenant_id,
            before={"shared": was},
            after={"shared": False},
        )


def public(token: str) -> dict[str, Any]:
    """Return what a page shows to whoever has its link. Raises Refused (`not_found`)."""
    with public_status() as pages:
        found = pages.find(_hash(token))
    if found is None:
        raise codes.not_found("status page: the link is wrong, or it was taken back")
    return found


def _page(rows: Rows, principal: Principal) -> StatusPage:
    found = rows.alerts.page_of(principal.tenant_id)
    return found or rows.add(StatusPage(tenant_id=principal.tenant_id, title="Status", items=[]))


def _touch(page: StatusPage, principal: Principal) -> None:
    page.updated_by, page.updated_at = principal.user_id, datetime.now(UTC)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _wrong(field: str, words: str) -> Refused:
    return Refused(codes.INVALID_REQUEST, words, [{"field": field, "message": words}])
