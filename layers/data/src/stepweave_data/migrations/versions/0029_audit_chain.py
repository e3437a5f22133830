"""An audit that only grows, each row bound to the one before it (ADR 57)."""

from pathlib import Path

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Add who, from where, before and after; chain what is there; take away every right but to read and to add."""
    op.execute(Path(__file__).with_name("0029_audit_chain.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take the chain away; the rows stay."""
    op.execute(
        """
        DROP TRIGGER audit_stays ON audit;
        DROP TRIGGER audit_is_never_emptied ON audit;
        DROP TRIGGER audit_is_chained ON audit;
        DROP FUNCTION audit_chained();
        DROP FUNCTION audit_verify(integer);
        DROP FUNCTION audit_link(audit);
        DROP FUNCTION audit_text(audit, bigint, bytea);
        DROP TABLE audit_chain, audit_heads;
        DROP FUNCTION audit_kept();
        DROP INDEX audit_by_actor, audit_by_action, audit_by_subject;
        ALTER TABLE audit DROP COLUMN actor_kind, DROP COLUMN actor, DROP COLUMN key_id, DROP COLUMN address,
          DROP COLUMN agent, DROP COLUMN request_id, DROP COLUMN before, DROP COLUMN after;
        UPDATE audit SET user_id = NULL WHERE NOT EXISTS (SELECT 1 FROM users WHERE users.id = audit.user_id);
        ALTER TABLE audit ADD CONSTRAINT audit_user_id_fkey FOREIGN KEY (user_id) REFERENCES users ON DELETE SET NULL;
        GRANT SELECT, INSERT, UPDATE, DELETE ON audit TO stepweave_app;
        """
    )
