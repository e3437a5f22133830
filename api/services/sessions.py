"""A person's sessions: what they see of them, and ending them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from api import codes
from api.repositories.rows import rows_of
from api.services.tokens import Principal


@dataclass(frozen=True)
class Session:
    """A session that goes on. `browser`, `system` and `device` are empty where the program does not say."""

    id: uuid.UUID
    workspace: str
    browser: str
    system: str
    device: str
    address: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    current: bool


def list_sessions(principal: Principal) -> list[Session]:
    """Return the caller's sessions in every workspace, the last used first."""
    with rows_of(principal.tenant_id) as rows:
        found = rows.accounts.sessions(principal.user_id)
    return [
        Session(
            row.id,
            row.tenant,
            *_device(row.user_agent),
            row.address,
            row.created_at,
            row.used_at,
            row.expires_at,
            row.id == principal.session_id,
        )
        for row in found
    ]


def end(principal: Principal, session_id: uuid.UUID) -> None:
    """End one of the caller's sessions. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        ended = rows.accounts.end_sessions(principal.user_id, one=session_id)
        if ended:
            rows.note(principal.user_id, "session.ended", session_id)
    if not ended:
        raise codes.not_found("session")


def end_all(principal: Principal, *, others: bool) -> int:
    """End all of the caller's sessions, or all `others` than this one; return how many."""
    with rows_of(principal.tenant_id) as rows:
        ended = rows.accounts.end_sessions(principal.user_id, kept=principal.session_id if others else None)
        rows.note(principal.user_id, "sessions.ended", principal.user_id, count=len(ended))
    return len(ended)


def _device(user_agent: str) -> tuple[str, str, str]:
    """Return browser, system and device of a User-Agent header, each empty where it does not say."""
    # Imported here: 0.1 s that only this page pays.
    from ua_parser import parse

    found = parse(user_agent)
    browser = found.user_agent.family if found.user_agent else user_agent.partition("/")[0][:40]
    version = found.user_agent.major if found.user_agent else None
    system, device = found.os.family if found.os else "", found.device.family if found.device else ""
    return f"{browser} {version}" if version else browser, system, device if device not in ("Other", "Mac") else ""
