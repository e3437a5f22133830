"""The store: keys with values, tables with rows, and what makes its operations happen once."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the tables, and what the sweeper calls."""
    op.execute(
        """
        -- A value by key. `json` keeps what was stored as it was written. Past its `expires_at` a row counts as absent.
        CREATE TABLE store_entries (
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          store text COLLATE "C" NOT NULL,
          key text COLLATE "C" NOT NULL,
          value json NOT NULL,
          expires_at timestamptz,
          created_at timestamptz NOT NULL DEFAULT now(),
          updated_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (tenant_id, store, key)
        );
        CREATE INDEX store_entries_expiring ON store_entries (expires_at) WHERE expires_at IS NOT NULL;

        -- A table: `columns` is [{id, name, type}] in their order. Rows name values by a column's id, so that renaming
        -- touches no row. Whoever writes rows holds the table's row.
        CREATE TABLE store_tables (
          id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          name text NOT NULL,
          columns jsonb NOT NULL DEFAULT '[]',
          rows bigint NOT NULL DEFAULT 0,
          last_row bigint NOT NULL DEFAULT 0,
          last_column bigint NOT NULL DEFAULT 0,
          created_at timestamptz NOT NULL DEFAULT now(),
          updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE UNIQUE INDEX store_tables_name ON store_tables (tenant_id, lower(name));
        CREATE TABLE store_rows (
          table_id uuid NOT NULL REFERENCES store_tables(id) ON DELETE CASCADE,
          id bigint NOT NULL,
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          data jsonb NOT NULL,
          created_at timestamptz NOT NULL DEFAULT now(),
          updated_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (table_id, id)
        );

        -- What an operation gave that must not be done again when it is retried. `once` names it.
        CREATE TABLE store_done (
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          once text COLLATE "C" NOT NULL,
          result json,
          expires_at timestamptz NOT NULL,
          PRIMARY KEY (tenant_id, once)
        );
        CREATE INDEX store_done_expiring ON store_done (expires_at);

        DO $$
        DECLARE name text;
        BEGIN
          FOREACH name IN ARRAY ARRAY['store_entries', 'store_tables', 'store_rows', 'store_done']
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

        -- Deletes, of all tenants, what is past its time: at most so many rows of each table. Returns how many.
        CREATE FUNCTION sweep_store(most integer) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE name text; gone bigint; total bigint := 0;
        BEGIN
          FOREACH name IN ARRAY ARRAY['store_entries', 'store_done']
          LOOP
            EXECUTE format(
              'DELETE FROM %I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %I WHERE expires_at < now() LIMIT $1 FOR UPDATE SKIP LOCKED))',
              name, name) USING most;
            GET DIAGNOSTICS gone = ROW_COUNT;
            total := total + gone;
          END LOOP;
          RETURN total;
        END $$;
        REVOKE ALL ON FUNCTION sweep_store FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION sweep_store TO stepweave_app;
        """  # noqa: E501  # a policy is one literal
    )


def downgrade() -> None:
    """Take them away."""
    op.execute(
        """
        DROP FUNCTION sweep_store;
        DROP TABLE store_done, store_rows, store_tables, store_entries;
        """
    )
