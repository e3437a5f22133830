"""What is refused and belongs to no workspace (forged tokens, guessed addresses, unknown tickets) is counted.

Each row is one kind in five minutes; nothing is written for each time."""

from alembic import op

revision = "0048"
down_revision = "0047"

_UP = """
CREATE TABLE platform_refusals (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  times bigint NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  details jsonb NOT NULL
);
COMMENT ON TABLE platform_refusals IS 'What was refused at no tenant''s door; kept 90 days, for who runs all';
CREATE INDEX platform_refusals_by_time ON platform_refusals (last_at);
ALTER TABLE platform_refusals ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform_refusals FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON platform_refusals TO CURRENT_USER USING (true);

-- The application adds here and reads nothing: what is refused of one tenant's people is no other tenant's to see.
CREATE FUNCTION note_refusals(kind text, times bigint, first_at timestamptz, last_at timestamptz, details jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO platform_refusals (kind, times, first_at, last_at, details)
  VALUES (note_refusals.kind, note_refusals.times, note_refusals.first_at, note_refusals.last_at,
          note_refusals.details);
  DELETE FROM platform_refusals WHERE id IN (
    SELECT id FROM platform_refusals old WHERE old.last_at < now() - interval '90 days' LIMIT 100);
END $$;
REVOKE ALL ON FUNCTION note_refusals(text, bigint, timestamptz, timestamptz, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_refusals(text, bigint, timestamptz, timestamptz, jsonb) TO stepweave_app;
"""
_DOWN = """
DROP FUNCTION note_refusals(text, bigint, timestamptz, timestamptz, jsonb);
DROP TABLE platform_refusals;
"""


def upgrade() -> None:
    """Add the table, and what adds to it."""
    op.execute(_UP)


def downgrade() -> None:
    """Take both away."""
    op.execute(_DOWN)
