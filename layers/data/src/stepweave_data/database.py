"""Connections to Postgres for the control plane: one small pool per function, every transaction bound to its tenant."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from stepweave_data.auditing import origin
from stepweave_data.link import CONNECT_SECONDS, ConfigurationError, database_url
from stepweave_data.reach import SETTINGS

__all__ = [
    "ConfigurationError",
    "database_url",
    "engine",
    "open_session",
    "sqlalchemy_url",
    "tenant_session",
    "user_session",
]


def sqlalchemy_url(url: str) -> str:
    """Return a Postgres URL in SQLAlchemy's spelling, with psycopg 3 as its driver."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)


@cache
def engine(url: str | None = None) -> Engine:
    """Return the process's engine: two connections, checked before use, for a Lambda serves one request at a time."""
    return create_engine(
        sqlalchemy_url(url or database_url()),
        pool_size=2,
        max_overflow=2,
        pool_pre_ping=True,
        hide_parameters=True,  # errors go to logs, and parameters hold secrets and people's data
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""),
        },
    )


@contextmanager
def tenant_session(tenant_id: UUID | str, url: str | None = None) -> Iterator[Session]:
    """Open a transaction that sees and writes one tenant's rows only; commit at its end, roll back on an error.

    Of these rows it sees what the actor does (`auditing.Origin.reach`).
    """
    with Session(engine(url), expire_on_commit=False) as session, session.begin():
        reach = origin().reach
        narrowed = SETTINGS if reach is not None else ""
        said = {"tenant": str(tenant_id), **(reach.settings() if reach is not None else {})}
        session.execute(text(f"SELECT set_config('app.tenant_id', :tenant, true){narrowed}"), said)
        yield session


@contextmanager
def open_session(url: str | None = None) -> Iterator[Session]:
    """Open a transaction bound to no tenant: it sees no tenant's rows and may call the look-up functions only."""
    with Session(engine(url), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def user_session(user_id: UUID | str, url: str | None = None) -> Iterator[Session]:
    """Open a transaction that sees what is one person's in every tenant: how they sign in."""
    with open_session(url) as session:
        session.execute(text("SELECT set_config('app.user_id', :user, true)"), {"user": str(user_id)})
        yield session
