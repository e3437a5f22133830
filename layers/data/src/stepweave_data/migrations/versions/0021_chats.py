"""Chats: what visitors wrote, and what they were answered."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the table, and what the sweeper calls."""
    op.execute(
        """
        -- One message of a visitor and its answer. `session_id` tells conversations apart. `view` says of whose output
        -- the answer is made, and what visitors may read of the steps.
        CREATE TABLE chat_turns (
          execution_id uuid PRIMARY KEY,
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          workflow_id uuid NOT NULL REFERENCES workflows(id),
          node_id text NOT NULL,
          session_id text COLLATE "C" NOT NULL,
          message_id text COLLATE "C" NOT NULL,
          text text NOT NULL,
          files jsonb NOT NULL DEFAULT '[]',
          view jsonb NOT NULL,
          state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'answered', 'failed', 'stopped')),
          answer text,
          created_at timestamptz NOT NULL DEFAULT now(),
          expires_at timestamptz NOT NULL
        );
        -- A conversation has one message under way.
        CREATE UNIQUE INDEX chat_turns_running ON chat_turns (tenant_id, session_id) WHERE state = 'running';
        CREATE INDEX chat_turns_of_session ON chat_turns (tenant_id, session_id, created_at);
        CREATE INDEX chat_turns_expiring ON chat_turns (expires_at);
        ALTER TABLE chat_turns ENABLE ROW LEVEL SECURITY;
        ALTER TABLE chat_turns FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON chat_turns TO stepweave_app
          USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
        CREATE POLICY owner ON chat_turns TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON chat_turns TO stepweave_app;

        -- Deletes, of all tenants, what is past its time: at most so many rows. Returns how many.
        CREATE FUNCTION sweep_chats(most integer) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE gone bigint;
        BEGIN
          DELETE FROM chat_turns WHERE ctid = ANY (
            ARRAY(SELECT ctid FROM chat_turns WHERE expires_at < now() LIMIT most FOR UPDATE SKIP LOCKED));
          GET DIAGNOSTICS gone = ROW_COUNT;
          RETURN gone;
        END $$;
        REVOKE ALL ON FUNCTION sweep_chats FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION sweep_chats TO stepweave_app;
        """
    )


def downgrade() -> None:
    """Take them away."""
    op.execute(
        """
        DROP FUNCTION sweep_chats;
        DROP TABLE chat_turns;
        """
    )
