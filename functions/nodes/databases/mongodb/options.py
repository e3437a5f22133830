"""Collections of the database, for the editor to choose from; and whether a credential works."""

from collections.abc import Mapping
from typing import Any, Final

from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import CredentialMissing
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted


def collections(asked: Asked, wanted: Wanted) -> Options:
    """Return the collections and views of the database."""
    from functions.nodes.databases.mongodb.connection import client_of, database_of
    from functions.nodes.databases.mongodb.run import in_words

    account = asked.credential(str(asked.param("credential") or ""), "mongodb")
    name = database_of(account, str(asked.param("database") or ""))
    client = client_of(account, asked.remaining())
    try:
        with in_words():
            names = client[name].list_collection_names()
    finally:
        client.close()
    return Options([Option(one) for one in sorted(names) if not one.startswith("system.")])


def try_out(asked: Asked) -> dict[str, Any]:
    """Log in with the credential that is given (`credential`), and return `message`.

    Raises:
        NodeError: what the node's operations raise.
    """
    from functions.nodes.databases.mongodb.connection import client_of
    from functions.nodes.databases.mongodb.run import in_words

    id = asked.given.get("credential")
    if not isinstance(id, str):
        raise CredentialMissing("There is no credential to test.", "Save it first.")
    client = client_of(asked.credential(id, "mongodb"), asked.remaining())
    try:
        with in_words():
            client.admin.command("ping")
    finally:
        client.close()
    return {"message": "The database answers."}


LOADERS: Final[Mapping[str, LoadOptions]] = {"collections": collections}
