"""The one place where the API's transactions open: one tenant's rows, nobody's rows, and the lock of a publisher."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any, Final, TypeVar, cast

from psycopg import errors
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from api.repositories.accounts import Accounts, Logins
from api.repositories.alerts import Alerts, PublicStatus
from api.repositories.api_keys import ApiKeys, KeyLookup
from api.repositories.apis import Apis
from api.repositories.approvals import Approvals
from api.repositories.audit import AuditLog, Changes
from api.repositories.credential_uses import CredentialUses
from api.repositories.credentials import Credentials
from api.repositories.debugging import Debugging
from api.repositories.environments import Environments
from api.repositories.epochs import forget
from api.repositories.erasing import Erasing
from api.repositories.execution_list import ExecutionList
from api.repositories.executions import Executions
from api.repositories.factors import Factors
from api.repositories.home import Overview
from api.repositories.memory import Memories
from api.repositories.node_runs import NodeRuns
from api.repositories.organising import Folders, Tags
from api.repositories.people import People
from api.repositories.polling import Polls
from api.repositories.prices import Prices
from api.repositories.projects import Projects
from api.repositories.publishing import Machines, Schedules, Versions, Webhooks
from api.repositories.quotas import Quotas
from api.repositories.registrations import Registrations
from api.repositories.releases import Releases
from api.repositories.retention import Retention
from api.repositories.rollups import Rollups
from api.repositories.sharing import Links
from api.repositories.sign_in import SignIn
from api.repositories.spending import Spending
from api.repositories.templates import Templates
from api.repositories.triggers import Triggers
from api.repositories.usage import Usages
from api.repositories.variables import Variables
from api.repositories.workflow_list import WorkflowList
from api.repositories.workflows import Workflows
from stepweave_data import auditing
from stepweave_data.database import database_url, open_session, sqlalchemy_url, tenant_session, user_session
from stepweave_data.link import CONNECT_SECONDS, Connection
from stepweave_data.models import Base

Model = TypeVar("Model", bound=Base)
_LONGEST_WAIT: Final = "10s"


class Duplicate(Exception):
    """A row would break a rule of uniqueness. `constraint` names it."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class Busy(Exception):
    """Somebody else holds a lock, for longer than one waits."""


class Rows:
    """A tenant's rows within a transaction, by what they are about.

    `moved` are users whose rights or sessions change, `read` those whose rights are to be read anew.
    """

    def __init__(self, session: Session, tenant_id: uuid.UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id
        self._changes = Changes(session)
        self._entries: list[auditing.Entry] = []
        self.moved: set[uuid.UUID] = set()
        self.read: set[uuid.UUID] = set()
        self.accounts = Accounts(session, self.moved, self.read)
        self.alerts = Alerts(session)
        self.api_keys = ApiKeys(session)
        self.apis = Apis(session)
        self.approvals = Approvals(session)
        self.audit = AuditLog(session)
        self.credential_uses = CredentialUses(session)
        self.credentials = Credentials(session)
        self.environments = Environments(session)
        self.debugging = Debugging(session)
        self.erasing = Erasing(session)
        self.execution_list = ExecutionList(session)
        self.executions = Executions(session)
        self.folders = Folders(session)
        self.machines = Machines(session)
        self.memories = Memories(session)
        self.node_runs = NodeRuns(session)
        self.usages = Usages(session)
        self.people = People(session, self.moved)
        self.overview = Overview(session)
        self.polls = Polls(session)
        self.prices = Prices(session)
        self.projects = Projects(session, self.moved)
        self.quotas = Quotas(session)
        self.registrations = Registrations(session)
        self.releases = Releases(session)
        self.retention = Retention(session, tenant_id)
        self.rollups = Rollups(session)
        self.schedules = Schedules(session)
        self.sign_in = SignIn(session)
        self.spending = Spending(session)
        self.tags = Tags(session)
        self.triggers = Triggers(session)
        self.templates = Templates(session)
        self.variables = Variables(session)
        self.versions = Versions(session)
        self.webhooks = Webhooks(session)
        self.workflow_list = WorkflowList(session)
        self.workflows = Workflows(session)

    def get(self, model: type[Model], key: Any) -> Model | None:
        """Return a row by its primary key, or None."""
        return self._session.get(model, key)

    def add(self, row: Model) -> Model:
        """Insert a row at once and return it with what the database filled in. Raises Duplicate, at the end."""
        self._session.add(row)
        self._session.flush()
        self._session.refresh(row)
        return row

    def put(self, row: Model) -> Model:
        """Insert a row, or write over the one with its key; return it."""
        return self._session.merge(row)

    def write(self) -> None:
        """Write what was changed in rows so far, so that rules of uniqueness speak now."""
        self._session.flush()

    def delete(self, row: Base) -> None:
        """Delete a row."""
        self._session.delete(row)

    def note(
        self,
        user_id: uuid.UUID | None,
        action: str,
        subject: uuid.UUID,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        **details: Any,
    ) -> None:
        """Write down who did what to what, at the transaction's end.

        Args:
            user_id: who; None for the system.
            action: what is it about, a dot, what was done: `folder.deleted`.
            subject: the id of what it was done to.
            before: what it was. Without it and `after`: what the transaction changes in the object with that id.
            after: what it became.
            details: what else is to be known. No secret: what is called like one is left out.
        """
        self._entries.append(auditing.Entry(user_id, action, str(subject), details, before, after))

    def write_notes(self) -> None:
        """Write what was noted. The last thing of a transaction."""
        if not self._entries:
            return
        self._session.flush()
        for entry in self._entries:
            if entry.before is None and entry.after is None:
                before, after = self._changes.of(entry.subject)
                entry = replace(entry, before=before, after=after)  # the same entry, whole
            auditing.write(self.connection, self._tenant_id, entry)
        self._entries.clear()

    @property
    def connection(self) -> Connection:
        """The transaction's own psycopg connection, for what the data layer does in SQL of its own."""
        return cast("Connection", self._session.connection().connection.driver_connection)


@contextmanager
def rows_of(tenant_id: uuid.UUID) -> Iterator[Rows]:
    """Open a transaction on a tenant's rows: committed at the end, rolled back on any error. Raises Duplicate."""
    try:
        with tenant_session(tenant_id) as session:
            rows = Rows(session, tenant_id)
            yield rows
            rows.write_notes()
    except IntegrityError as error:
        raise _duplicate(error) from error
    if rows.moved or rows.read:
        forget(rows.moved, rows.read)


@contextmanager
def logins() -> Iterator[Logins]:
    """Open a transaction that sees no tenant's rows: who logs in is not known yet. Raises Duplicate."""
    try:
        with open_session() as session:
            yield Logins(session)
    except IntegrityError as error:
        raise _duplicate(error) from error


@contextmanager
def factors_of(user_id: uuid.UUID) -> Iterator[Factors]:
    """Open a transaction on how one person signs in, which is theirs in every tenant. Raises Duplicate."""
    try:
        with user_session(user_id) as session:
            yield Factors(session, user_id)
    except IntegrityError as error:
        raise _duplicate(error) from error


@contextmanager
def key_lookup() -> Iterator[KeyLookup]:
    """Open a transaction that sees no tenant's rows: whose an API key is, is not known yet."""
    with open_session() as session:
        yield KeyLookup(session)


@contextmanager
def links() -> Iterator[Links]:
    """Open a transaction that sees no tenant's rows: who follows a link belongs to none."""
    with open_session() as session:
        yield Links(session)


@contextmanager
def public_status() -> Iterator[PublicStatus]:
    """Open a transaction that sees no tenant's rows: who looks at a status page by its link belongs to none."""
    with open_session() as session:
        yield PublicStatus(session)


def ping() -> None:
    """Ask Postgres for something, as the application role. Raises where it does not answer."""
    with open_session() as session:
        session.execute(text("SELECT 1"))


@contextmanager
def alone(subject: uuid.UUID) -> Iterator[None]:
    """Be the only one inside for `subject`; others wait, at most 10 s. Raises Busy.

    The lock is Postgres' own (advisory): it locks no row, so whoever saves or reads goes on while the holder talks to
    AWS, and it ends with the holder's connection, whatever becomes of the holder. That connection is none of the
    pool's: holders that wait for a second one must not wait for each other.
    """
    with _unpooled().begin() as connection:
        connection.execute(text("SELECT set_config('lock_timeout', :wait, true)"), {"wait": _LONGEST_WAIT})
        try:
            connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))"), {"subject": str(subject)}
            )
        except OperationalError as error:
            if isinstance(error.orig, errors.LockNotAvailable):
                raise Busy(str(subject)) from error
            raise
        yield


@cache
def _engine(url: str) -> Engine:
    return create_engine(
        sqlalchemy_url(url),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )


def _unpooled() -> Engine:
    return _engine(database_url())


def _duplicate(error: IntegrityError) -> Duplicate:
    found = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return Duplicate(str(found or error.orig))
