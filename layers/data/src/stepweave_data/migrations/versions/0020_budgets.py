"""What language models cost, by month and execution, and what the workspace may spend on them in a month."""

from typing import Final

from alembic import op

revision = "0020"
down_revision = "0019"

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
_TABLES: Final = "'store_entries', 'store_done', 'store_seen', 'memory_sessions'"


def upgrade() -> None:
    """Add the tables, and have what executions spent swept."""
    op.execute(
        """
        -- What is spent on models, counted as soon as an answer is there. `scope`: `tenant` and `workflow` by month
        -- (`period`, as 2026-11, UTC), `execution` and `run` (a node run) as a whole. `of` is whose it is. `unpriced`
        -- counts answers of models whose price is not known.
        CREATE TABLE model_spending (
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          scope text COLLATE "C" NOT NULL,
          of text COLLATE "C" NOT NULL,
          period text COLLATE "C" NOT NULL DEFAULT '',
          tokens bigint NOT NULL DEFAULT 0,
          money numeric NOT NULL DEFAULT 0,
          answers bigint NOT NULL DEFAULT 0,
          unpriced bigint NOT NULL DEFAULT 0,
          expires_at timestamptz,
          PRIMARY KEY (tenant_id, scope, of, period)
        );
        CREATE INDEX model_spending_expiring ON model_spending (expires_at) WHERE expires_at IS NOT NULL;

        -- What a tenant may spend in a month; null for any amount.
        CREATE TABLE tenant_budgets (
          tenant_id uuid PRIMARY KEY REFERENCES tenants(id),
          month_tokens bigint,
          month_money numeric
        );

        DO $$
        DECLARE name text;
        BEGIN
          FOREACH name IN ARRAY ARRAY['model_spending', 'tenant_budgets']
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
    op.execute(_SWEEP.format(tables=f"{_TABLES}, 'model_spending'"))


def downgrade() -> None:
    """Take them away."""
    op.execute(_SWEEP.format(tables=_TABLES))
    op.execute("DROP TABLE tenant_budgets, model_spending")
