"""Taking one's data along, and going: of a person, and of a whole workspace."""

import base64
import json
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from api import codes
from api.refusals import Refused, refused_field
from api.repositories.audit import Wanted
from api.repositories.erasing import PARTS
from api.repositories.rows import rows_of
from api.services import auditing
from api.services.accounts import account_of, confirm_password
from api.services.tokens import Principal
from stepweave_data.auditing import origin
from stepweave_data.models import Membership, Tenant, User

GRACE: Final = timedelta(days=7)
"""Between asking for a workspace's deletion and it: long enough to be seen by those who did not ask."""
MOST_ROWS: Final = 500
MOST_BYTES: Final = 3 * 1024**2
"""Of one page of an export; the row that passes it is its last."""
MOST_ENTRIES: Final = 1000


def deletion(principal: Principal) -> datetime | None:
    """Return when the workspace goes; None while it stays."""
    with rows_of(principal.tenant_id) as rows:
        tenant = rows.get(Tenant, principal.tenant_id)
        return tenant.delete_after if tenant else None


def request_deletion(principal: Principal, name: str) -> datetime:
    """Have the workspace deleted after `GRACE`; return when. Raises Refused where the name is another one."""
    with rows_of(principal.tenant_id) as rows:
        tenant = rows.get(Tenant, principal.tenant_id)
        if tenant is None or tenant.name != name:
            words = "This is not the name of the workspace. Write it as it stands, capitals and all."
            raise refused_field(codes.INVALID_REQUEST, "name", words)
        moment = rows.erasing.request(principal.user_id, GRACE)
        rows.note(principal.user_id, "tenant.deletion_requested", principal.tenant_id, after={"delete_after": moment})
        return moment


def cancel_deletion(principal: Principal) -> None:
    """Have the workspace stay."""
    with rows_of(principal.tenant_id) as rows:
        if rows.erasing.cancel():
            rows.note(principal.user_id, "tenant.deletion_cancelled", principal.tenant_id)


def delete_account(principal: Principal, password: str) -> None:
    """Delete the caller with their sessions, keys and factors. What they did stays in the audit, under their address.

    Raises:
        Refused: `wrong_password`; `last_owner` where a workspace would have no owner any more.
    """
    confirm_password(account_of(principal), password, "password")
    with rows_of(principal.tenant_id) as rows:
        before = {"email": rows.accounts.email(principal.user_id)}
        if not rows.erasing.erase_user(principal.user_id):
            words = (
                "You are the only owner of a workspace. Make somebody else its owner, or delete the workspace first."
            )
            raise Refused(codes.LAST_OWNER, words)
        rows.moved.add(principal.user_id)
        origin().actor = before["email"]
        rows.note(principal.user_id, "account.deleted", principal.user_id, before=before)


def my_data(principal: Principal) -> dict[str, Any]:
    """Return what is kept of the caller: account, membership, sessions, keys, and what they did in this workspace."""
    with rows_of(principal.tenant_id) as rows:
        user = rows.get(User, principal.user_id)
        if user is None:
            raise Refused(codes.SESSION_EXPIRED, "The account is gone; log in again.")
        membership = rows.get(Membership, (principal.tenant_id, principal.user_id))
        done = rows.audit.page(Wanted(actor=principal.user_id), None, MOST_ENTRIES)
        found = {
            "account": {"id": user.id, "email": user.email, "name": user.name, "createdAt": user.created_at},
            "membership": {"role": membership.role if membership else "", "tenantId": principal.tenant_id},
            "sessions": [
                {
                    "address": one.address,
                    "userAgent": one.user_agent,
                    "createdAt": one.created_at,
                    "usedAt": one.used_at,
                }
                for one in rows.erasing.sessions(principal.user_id)
            ],
            "apiKeys": [
                {"name": key.name, "hint": key.hint, "createdAt": key.created_at, "expiresAt": key.expires_at}
                for key, _ in rows.api_keys.listed(principal.user_id)
            ],
            "audit": [auditing.plain(one) for one in done],
        }
        rows.note(principal.user_id, "account.exported", principal.user_id)
    plain: dict[str, Any] = json.loads(json.dumps(found, default=_plain))
    return plain


def parts() -> Sequence[str]:
    """Return what a workspace's export is made of."""
    return tuple(PARTS)


def exported(principal: Principal, part: str, after: str | None) -> tuple[str, str | None]:
    """Return a page of a part as JSON lines, and where the next one begins; None where there is none.

    Raises:
        Refused: `not_found` for a part that there is not, `invalid_request` for a cursor that is none of it.
    """
    if part not in PARTS:
        raise codes.not_found("part of an export")
    try:
        with rows_of(principal.tenant_id) as rows:
            found = rows.erasing.rows(part, _read(after), MOST_ROWS + 1)
            if after is None:
                rows.note(principal.user_id, "tenant.exported", principal.tenant_id, part=part)
    except (ValueError, TypeError):
        message = "This is no cursor of this part; start from its first page."
        raise refused_field(codes.INVALID_REQUEST, "after", message) from None
    lines: list[str] = []
    size = 0
    for row in found[:MOST_ROWS]:
        line = json.dumps(row.values, default=_plain, ensure_ascii=False)
        lines.append(line + "\n")
        size += len(line.encode("utf-8", "replace"))
        if size > MOST_BYTES:
            break
    more = len(lines) < len(found)
    return "".join(lines), _cursor(found[len(lines) - 1].key) if more else None


def _cursor(key: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def _read(cursor: str | None) -> list[str] | None:
    if cursor is None:
        return None
    read = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
    if not isinstance(read, list) or not all(isinstance(one, str) and "\0" not in one for one in read):
        raise ValueError(cursor)
    return read


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value) if isinstance(value, uuid.UUID) else f"{value}"
