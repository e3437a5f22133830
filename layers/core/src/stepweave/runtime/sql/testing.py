"""Whether a credential of a database works: a connection, and the server's own name of itself."""

from collections.abc import Callable, Mapping
from typing import Any

from stepweave.runtime.asks import Ask, Asked
from stepweave.runtime.errors import CredentialMissing
from stepweave.runtime.sql.session import Session, Statement


def tries(type: str, connect: Callable[[Mapping[str, Any], float], Session], version: str) -> Ask:
    """Return the ask `test` of a node: log in, ask for the server's version, and say it.

    Args:
        type: of the credential.
        connect: gives a session, of the credential's data and the seconds there are.
        version: SQL that gives the version as its only column.
    """

    def try_out(asked: Asked) -> dict[str, Any]:
        id = asked.given.get("credential")
        if not isinstance(id, str):
            raise CredentialMissing("There is no credential to test.", "Save it first.")
        session = connect(asked.credential(id, type), asked.remaining())
        try:
            rows = list(session.send(Statement(version, ())).rows or ())
        finally:
            session.close()
        said = " ".join(str(next(iter(rows[0].values()), "")).split())[:100] if rows else ""
        return {"message": f"The log-in works: {said}." if said else "The log-in works."}

    return try_out
