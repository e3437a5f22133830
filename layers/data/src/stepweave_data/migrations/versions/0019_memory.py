"""What models are to remember: talks by session, with a summary of what is older."""

from typing import Final

from alembic import op

revision = "0019"
down_revision = "0018"

_SWEEP: Final = """
CREATE OR REPLACE FUNCTION sweep_store(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE name text; gone bigint; total bigint := 0;
BEGIN
  FOREACH name IN ARRAY ARRAY[{tables}]
  LOOP
    EXECUTE format(
      'DELETE FROM %I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %I WHERE expires_at < now() LIMIT $1 FOR UPDATE SKIP LOCKED))',
      name, name) USING most;
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
  END LOOP;
  RETURN total;
END $$;
"""  # noqa: E501  # one literal
_TABLES: Final = "'store_entries', 'store_done', 'store_seen'"


def upgrade() -> None:
    """Add the tables, and have them swept."""
    op.execute(
        """
        -- A talk: of a workflow, or of a memory that workflows share by its name. `summary` stands for the messages up
        -- to `summarised`. Past `expires_at` it counts as absent. Whoever writes messages holds this row.
        CREATE TABLE memory_sessions (
          id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          workflow_id uuid REFERENCES workflows(id),
          shared text COLLATE "C" NOT NULL DEFAULT '',
          session text COLLATE "C" NOT NULL,
          summary text NOT NULL DEFAULT '',
          summarised bigint NOT NULL DEFAULT 0,
          turns bigint NOT NULL DEFAULT 0,
          messages bigint NOT NULL DEFAULT 0,
          bytes bigint NOT NULL DEFAULT 0,
          expires_at timestamptz,
          created_at timestamptz NOT NULL DEFAULT now(),
          updated_at timestamptz NOT NULL DEFAULT now(),
          CHECK ((workflow_id IS NULL) = (shared <> '')),
          UNIQUE NULLS NOT DISTINCT (tenant_id, workflow_id, shared, session)
        );
        CREATE INDEX memory_sessions_used ON memory_sessions (tenant_id, updated_at DESC, id);
        CREATE INDEX memory_sessions_expiring ON memory_sessions (expires_at) WHERE expires_at IS NOT NULL;

        -- A message. Those of a turn were written together; ids go up, and none comes a second time.
        CREATE TABLE memory_messages (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          session_id uuid NOT NULL REFERENCES memory_sessions(id) ON DELETE CASCADE,
          turn bigint NOT NULL,
          message json NOT NULL,
          bytes integer NOT NULL,
          created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX memory_messages_order ON memory_messages (session_id, turn, id);

        DO $$
        DECLARE name text;
        BEGIN
          FOREACH name IN ARRAY ARRAY['memory_sessions', 'memory_messages']
          LOOP
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
            EXECUTE format(
              'CREATE POLICY tenant ON %I TO stepweave_app USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
              name);
            EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO stepweave_app', name);
          END LOOP;
        END $$;
        """  # noqa: E501  # a policy is one literal
    )
    op.execute(_SWEEP.format(tables=f"{_TABLES}, 'memory_sessions'"))


def downgrade() -> None:
    """Take them away."""
    op.execute(_SWEEP.format(tables=_TABLES))
    op.execute("DROP TABLE memory_messages, memory_sessions")
