"""What a workflow and its versions name of credentials: the vault opens these to a run, and people see who uses one.

Every text of a parameter that is an id counts, at any depth: which parameters are credentials only the catalogue knows.
"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_UP = """
-- The ids that the parameters of a document's nodes name, each once. Immutable: it depends on nothing but its argument.
CREATE FUNCTION document_names(document json) RETURNS uuid[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT found[1]::uuid), '{}')
  FROM json_array_elements(
      CASE json_typeof(document -> 'nodes') WHEN 'array' THEN document -> 'nodes' ELSE '[]' END) AS node,
    regexp_matches((node -> 'params')::text, '"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"', 'g') AS found
$$;

ALTER TABLE workflows ADD COLUMN names uuid[] NOT NULL GENERATED ALWAYS AS (document_names(document)) STORED;
ALTER TABLE workflow_versions ADD COLUMN names uuid[] NOT NULL GENERATED ALWAYS AS (document_names(document)) STORED;
CREATE INDEX workflows_by_names ON workflows USING gin (names);
CREATE INDEX workflow_versions_by_names ON workflow_versions USING gin (names);
"""
_DOWN = """
ALTER TABLE workflow_versions DROP COLUMN names;
ALTER TABLE workflows DROP COLUMN names;
DROP FUNCTION document_names(json);
"""


def upgrade() -> None:
    """Add what is read off the documents."""
    op.execute(_UP)


def downgrade() -> None:
    """Take it away."""
    op.execute(_DOWN)
