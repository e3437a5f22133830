"""Webhooks whose paths have parameters."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Tell places by the shape of their paths, and look up those with parameters."""
    op.execute(
        r"""
        ALTER TABLE webhooks
          ADD COLUMN shape text NOT NULL GENERATED ALWAYS AS (regexp_replace(path, ':[^/]+', ':', 'g')) STORED,
          DROP CONSTRAINT webhooks_tenant_id_method_path_key,
          ADD CONSTRAINT webhooks_place UNIQUE (tenant_id, method, shape);

        -- A webhook's request: the paths with parameters of a tenant that have so many segments, and with no target the
        -- literal ones that lie within them.
        CREATE FUNCTION hook_patterns(wanted_slug text, wanted_count integer)
        RETURNS TABLE (path text, method text, target jsonb)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          WITH own AS (
            SELECT h.path, h.shape, h.method, h.shape LIKE '%:%' AS is_pattern,
                   CASE WHEN w.enabled AND NOT EXISTS (SELECT 1 FROM trigger_switches s
                                                       WHERE s.workflow_id = h.workflow_id AND s.node_id = h.node_id)
                        THEN h.target ELSE h.target || '{"paused": true}' END AS target
            FROM webhooks h JOIN tenants t ON t.id = h.tenant_id JOIN workflows w ON w.id = h.workflow_id
            WHERE t.slug = wanted_slug AND w.deleted_at IS NULL
              AND cardinality(string_to_array(h.path, '/')) = wanted_count
          )
          SELECT path, method, target FROM own WHERE is_pattern
          UNION ALL
          SELECT DISTINCT l.path, '', NULL::jsonb FROM own l
          WHERE NOT l.is_pattern AND EXISTS (
            SELECT 1 FROM own p WHERE p.is_pattern
              AND l.path ~ ('^' || replace(replace(p.shape, '.', '\.'), ':', '[^/]+') || '$'))
        $$;
        REVOKE ALL ON FUNCTION hook_patterns FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION hook_patterns TO stepweave_app;
        """
    )


def downgrade() -> None:
    """Take it away. Where two webhooks differ by the names of parameters alone, there are none: it was refused."""
    op.execute(
        """
        DROP FUNCTION hook_patterns;
        ALTER TABLE webhooks
          DROP CONSTRAINT webhooks_place,
          DROP COLUMN shape,
          ADD CONSTRAINT webhooks_tenant_id_method_path_key UNIQUE (tenant_id, method, path);
        """
    )
