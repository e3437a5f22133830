"""Operations that are done once, however often they are tried: what they gave is kept beside what they did."""

import json
from collections.abc import Callable
from typing import Any, Final

from stepweave_data.link import Connection

KEPT: Final = 7
"""Days that a retry, or an execution that goes on from a failed one, finds what was done, at least."""
_CLAIM: Final = """
INSERT INTO store_done (tenant_id, once, expires_at) VALUES (%s, %s, now() + make_interval(days => %s))
ON CONFLICT DO NOTHING RETURNING 1
"""
_DONE: Final = "SELECT result FROM store_done WHERE tenant_id = %s AND once = %s"
_KEEP: Final = "UPDATE store_done SET result = %s WHERE tenant_id = %s AND once = %s"


def once(connection: Connection, tenant_id: str, name: str, work: Callable[[], Any]) -> Any:
    """Do `work` in the transaction unless it was done under this name, and return what it gave.

    Whoever comes while another does it waits for that one's transaction. What raises is not done, and leaves nothing.

    Args:
        connection: within a transaction that is bound to the tenant.
        tenant_id: whose operation it is.
        name: the operation's, the same over all tries; "" for one that is done each time.
        work: gives JSON data.
    """
    if not name:
        return work()
    if connection.execute(_CLAIM.encode(), (tenant_id, name, KEPT), prepare=True).fetchone() is None:
        row = connection.execute(_DONE.encode(), (tenant_id, name), prepare=True).fetchone()
        return row[0] if row else work()  # None: swept this very moment
    result = work()
    connection.execute(_KEEP.encode(), (json.dumps(result, ensure_ascii=False), tenant_id, name), prepare=True)
    return result
