"""Which workflows name a credential: their drafts, published versions and older ones (ADR 60)."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

MOST_SHOWN: Final = 200
"""Workflows that are told of one credential; the rest is counted."""
_USES: Final = text(
    """
WITH named AS (
  SELECT id, name, enabled AS is_on, names @> ARRAY[:id] AS in_draft, document,
    (SELECT coalesce(array_agg(number ORDER BY number DESC), '{}') FROM workflow_versions v
     WHERE v.workflow_id = workflows.id AND v.names @> ARRAY[:id]) AS versions
  FROM workflows WHERE deleted_at IS NULL AND (
    names @> ARRAY[:id] OR id IN (SELECT workflow_id FROM workflow_versions WHERE names @> ARRAY[:id]))
), shown AS (
  SELECT named.*, live.enabled IS NOT NULL AS is_live, coalesce(live.enabled, named.is_on) AS enabled,
    count(*) OVER () AS total,
    CASE WHEN in_draft THEN document ELSE (SELECT v.document FROM workflow_versions v
      WHERE v.workflow_id = named.id AND v.number = versions[1]) END AS told
  FROM named LEFT JOIN LATERAL (SELECT bool_or(l.enabled) AS enabled FROM workflow_live l
    WHERE l.workflow_id = named.id AND l.version = ANY(versions)) live ON true
  ORDER BY live.enabled IS NOT NULL DESC, lower(name), id LIMIT :most
)
SELECT id, name, enabled, in_draft, is_live, versions, total,
  (SELECT coalesce(json_agg(json_build_object('id', node -> 'id', 'name', node -> 'name', 'type', node -> 'type',
     'api', node -> 'params' -> 'api', 'tool', EXISTS (
       SELECT FROM json_array_elements(coalesce(told -> 'edges', '[]')) edge
       WHERE edge ->> 'sourcePort' = 'tools' AND edge ->> 'target' = node ->> 'id'))), '[]')
   FROM json_array_elements(told -> 'nodes') node
   WHERE lower((node -> 'params')::text) LIKE '%"' || cast(:id AS text) || '"%') AS nodes
FROM shown ORDER BY is_live DESC, lower(name), id
"""
)
_HIDDEN: Final = text(
    """SELECT sum(u.workflows) FROM credential_used(:id) u
       WHERE NOT u.project_id = ANY (nullif(current_setting('app.projects', true), '')::uuid[]) AND EXISTS (
           SELECT FROM credential_shares s WHERE s.credential_id = :id AND s.project_id = u.project_id)"""
)
_APIS: Final = text("SELECT id, name FROM apis WHERE id = ANY(:ids) ORDER BY lower(name)")


@dataclass(frozen=True)
class Use:
    """A workflow that names a credential; `nodes` are those of its draft, or of the latest version that names it."""

    workflow_id: uuid.UUID
    workflow_name: str
    enabled: bool
    in_draft: bool
    is_live: bool
    versions: list[int]
    nodes: list[dict[str, Any]]


class CredentialUses:
    """Where a tenant's credentials are named."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, credential_id: uuid.UUID) -> tuple[list[Use], int]:
        """Return the workflows that name a credential, the published ones first, at most 200, and their number."""
        rows = self._session.execute(_USES, {"id": credential_id, "most": MOST_SHOWN}).all()
        uses = [Use(row[0], row[1], row[2], row[3], row[4], list(row[5]), row[7]) for row in rows]
        return uses, rows[0][6] if rows else 0

    def hidden(self, credential_id: uuid.UUID) -> int:
        """Return how many workflows name it in what runs or would run next which the transaction does not see."""
        return int(self._session.scalar(_HIDDEN, {"id": credential_id}) or 0)

    def apis(self, ids: set[uuid.UUID]) -> list[tuple[uuid.UUID, str]]:
        """Return the APIs that there are of some ids, with their names."""
        return [(row[0], row[1]) for row in self._session.execute(_APIS, {"ids": list(ids)})]
