"""Where one signs in, and whether one's account is linked with the workspace's provider."""

from api import codes
from api.repositories.rows import logins, rows_of
from api.services.sign_in.connections import domain_of, unknown
from api.services.tokens import Principal
from stepweave_data.models import Tenant


def find(named: str) -> tuple[str, str]:
    """Return the slug and the provider of a workspace, or of an address. Raises Refused (`no_sign_in`)."""
    domain = domain_of(named) if "@" in named else ""
    with logins() as known:
        found = known.sign_in("" if domain else named.lower(), domain)
    if found is None:
        raise unknown()
    return found.slug, found.name


def identity(principal: Principal) -> tuple[str | None, bool]:
    """Return what the workspace's provider is called, if there is one, and whether the caller is linked with it."""
    with rows_of(principal.tenant_id) as rows:
        connection = rows.sign_in.connection()
        return (connection.name if connection else None), rows.sign_in.is_linked(principal.user_id)


def slug_of(principal: Principal) -> str:
    """Return the slug of the caller's workspace."""
    with rows_of(principal.tenant_id) as rows:
        tenant = rows.get(Tenant, principal.tenant_id)
    return tenant.slug if tenant is not None else ""


def unlink(principal: Principal) -> None:
    """Take the caller's account from the provider. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        connection = rows.sign_in.connection()
        if connection is None or not rows.sign_in.unlink(principal.user_id):
            raise codes.not_found("linked account")
        rows.accounts.end_vouched(f"oidc:{connection.id}", principal.user_id)
        rows.note(principal.user_id, "sign_in.unlinked", principal.user_id)
