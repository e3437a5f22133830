"""Secrets of the deployment from AWS Secrets Manager, read once per function instance."""

import json
import os
from functools import cache
from urllib.parse import quote


@cache
def secret(arn: str) -> str:
    """Return a secret's text."""
    from stepweave.aws.control.secrets import read_secret

    return read_secret(arn)


def database_url_of(arn: str) -> str:
    """Return the Postgres URL of a secret in the shape RDS keeps (`host`, `port`, `username`, `password`, `dbname`).

    `STEPWEAVE_DATABASE_HOST` takes the place of the secret's `host`: RDS Proxy's, which cannot stand in a secret that
    the proxy itself reads.
    """
    data = json.loads(secret(arn))
    user, password = quote(data["username"], safe=""), quote(data["password"], safe="")
    host = os.environ.get("STEPWEAVE_DATABASE_HOST") or data["host"]
    place = f"{host}:{data.get('port', 5432)}/{data.get('dbname', 'stepweave')}"
    return f"postgresql://{user}:{password}@{place}?sslmode=require"
