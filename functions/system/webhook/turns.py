"""Turns of webhooks' workflows, asked of Postgres; only where a workflow or the tenant's plan has a limit."""

from functools import cache
from typing import Any

from functions.system.webhook.targets import Unavailable


class DatabaseTurns:
    """As `stepweave_data.turns.Turns`, whose import costs a cold start that most webhooks are spared."""

    def admit(self, request: dict[str, Any]) -> bool:
        """Whether an execution may start now; else it waits as `queued`. Raises NoRoom, Unavailable."""
        import psycopg

        try:
            return bool(_turns().admit(request))
        except psycopg.Error as error:
            raise Unavailable(str(error)) from error

    def release(self, request: dict[str, Any]) -> None:
        """Take back an execution that was let in and did not start."""
        import psycopg

        try:
            _turns().release(request)
        except psycopg.Error:
            return  # its turn is given anew


@cache
def _turns() -> Any:
    from stepweave_data.link import Link
    from stepweave_data.turns import Turns

    return Turns(Link())
