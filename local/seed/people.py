"""Accounts that are made on this machine, without a mail to their address: the demo's, and those of tests.

python -m local.seed.people EMAIL PASSWORD WORKSPACE
"""

import re
import secrets
import sys

import psycopg
from psycopg import errors

from api.services.passwords.hashing import hashed
from local.client.rest import Client
from local.settings import LocalSettings
from local.stack.database import app_url


def add(settings: LocalSettings, email: str, password: str, name: str, workspace: str) -> bool:
    """Make a person with a workspace of their own. False where the address has an account already."""
    slug = re.sub(r"[^a-z0-9]+", "-", workspace.lower()).strip("-")[:50].strip("-") or "t"
    for path in (slug, f"{slug}-{secrets.token_hex(3)}"):
        try:
            with psycopg.connect(app_url(settings)) as connection:
                connection.execute(
                    "SELECT 1 FROM auth_register(%s, %s, %s, %s, %s)", (email, name, hashed(password), workspace, path)
                )
        except errors.UniqueViolation as error:
            if error.diag.constraint_name == "users_email_key":
                return False
        else:
            return True
    return False


async def log_in_new(client: Client, settings: LocalSettings, email: str, password: str, workspace: str) -> None:
    """Make a person with a workspace of their own, and log them in. Raises ApiError, Unreachable."""
    add(settings, email, password, email.partition("@")[0], workspace)
    await client.login(email, password)


if __name__ == "__main__":
    address, secret, called = sys.argv[1:]
    made = add(LocalSettings.from_environment(), address, secret, address.partition("@")[0], called)
    print("made" if made else "there is an account with this address already")
