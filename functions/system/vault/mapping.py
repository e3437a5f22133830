"""Which credential stands for the one that a document names, where an execution runs elsewhere than in production."""

from typing import Final
from uuid import UUID

from functions.system.vault.errors import CredentialNotFound
from stepweave.aws.passes import Bearer
from stepweave_data.link import Link

_MAPPED: Final = """
SELECT coalesce(m.mapped_id, CASE WHEN e.falls_back THEN %s::uuid END), e.name FROM environments e
LEFT JOIN credential_mappings m ON m.environment = e.key AND m.credential_id = %s::uuid WHERE e.key = %s
"""


def mapped(bearer: Bearer, credential_id: str, link: Link) -> str:
    """Return the id of the credential to open. One that is not mapped is opened where the environment falls back only.

    Raises:
        CredentialNotFound: nothing stands for it there, or the environment is gone.
        psycopg.Error: Postgres cannot be reached; trying again may help.
    """
    try:
        id = str(UUID(credential_id))
    except ValueError:
        raise CredentialNotFound("There is no such credential.") from None
    values = (id, id, bearer.environment)
    row = link.tenant(bearer.tenant_id, lambda it: it.execute(_MAPPED, values, prepare=True).fetchone())
    if row is None:
        raise CredentialNotFound(f"The environment {bearer.environment!r} is gone.")
    if row[0] is None:
        words = f"No credential stands for this one in the environment {row[1]!r}: say under Credentials which does."
        raise CredentialNotFound(words)
    return str(row[0])
