"""Where something is made whose project nobody named: where its maker may, and not always in the default project."""

from alembic import op

revision = "0044"
down_revision = "0043"

_PLACE = """
CREATE OR REPLACE FUNCTION in_some_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE reach uuid[] := nullif(current_setting('app.projects', true), '')::uuid[];
BEGIN
  IF NEW.project_id IS NULL AND TG_TABLE_NAME = 'folders' THEN
    SELECT project_id INTO NEW.project_id FROM folders above
    WHERE above.tenant_id = NEW.tenant_id AND above.id::text = to_jsonb(NEW) ->> 'parent_id';
  END IF;
  IF NEW.project_id IS NULL THEN
    SELECT id INTO NEW.project_id FROM projects WHERE projects.tenant_id = NEW.tenant_id AND projects.is_default;
    IF reach IS NOT NULL AND NOT NEW.project_id = ANY (reach) AND cardinality(reach) = 1 THEN
      NEW.project_id := reach[1];
    END IF;
  END IF;
  RETURN NEW;
END $$;
"""
_FORMER = """
CREATE OR REPLACE FUNCTION in_some_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.project_id IS NULL THEN
    SELECT id INTO NEW.project_id FROM projects WHERE projects.tenant_id = NEW.tenant_id AND projects.is_default;
  END IF;
  RETURN NEW;
END $$;
"""


def upgrade() -> None:
    """Ask what the transaction reaches, and where the folder above is."""
    op.execute(_PLACE)


def downgrade() -> None:
    """Take the default project again."""
    op.execute(_FORMER)
