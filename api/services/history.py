"""The list of executions, and how far those in it are that have not ended."""

import uuid
from collections.abc import Iterable

import redis

from api.repositories.execution_list import Filter, Found, Place
from api.repositories.rows import rows_of
from api.services.tokens import Principal
from stepweave_data.history.folding import OPEN
from stepweave_data.history.live import Steps, steps_of
from stepweave_data.models import Execution
from stepweave_data.telemetry import logger

__all__ = ["Filter", "Found", "Place", "list_executions", "steps_of_open"]


def list_executions(principal: Principal, wanted: Filter, before: Place | None, limit: int) -> Found:
    """Return a page of at most `limit`, the latest started first: `ExecutionList.page`."""
    with rows_of(principal.tenant_id) as rows:
        return rows.execution_list.page(wanted, before, limit)


def steps_of_open(client: redis.Redis, executions: Iterable[Execution]) -> dict[uuid.UUID, Steps]:
    """Return how far those are that have not ended; none of them where Redis does not answer."""
    ids = [str(execution.id) for execution in executions if execution.status in OPEN]
    try:
        return {uuid.UUID(id): steps for id, steps in steps_of(client, ids).items()}
    except redis.RedisError as error:
        logger().warning("how far executions are is not known", error=repr(error))
        return {}
