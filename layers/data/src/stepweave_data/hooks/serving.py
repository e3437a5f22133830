"""How the functions behind `/hooks/...` serve: every request gets an answer, and its outcome is counted."""

import os
from collections.abc import Callable
from functools import cache
from typing import Any

import redis

from stepweave_data import refused
from stepweave_data.history.live import connect
from stepweave_data.hooks.refusals import Refusal, begin_answer, code_counted, counted, problem
from stepweave_data.hooks.requests import ROOM, Request, caller, read_request
from stepweave_data.redis_link import URL, redis_url
from stepweave_data.telemetry import Metric, begin_work, count, count_status, logger, tenant_in_work


def answer_to(
    event: dict[str, Any],
    serve: Callable[[Request], dict[str, Any]],
    what: str,
    room: str = ROOM,
    told: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the answer to an HTTP API event.

    Args:
        event: payload 2.0.
        serve: answers a request; raises Refusal.
        what: what fails, when it does, in words for people.
        room: what the path begins with.
        told: makes the answer to the caller of a problem document; it is the answer where there is none.
    """
    begin_work()
    begin_answer()
    try:
        answer = serve(read_request(event, room))
    except Refusal as refusal:
        count_status(503 if refusal.unavailable else 400)
        counted(refusal)
        _tell(event, what)
        return told(refusal.answer) if told else refusal.answer
    except Exception:
        # A mistake of ours: the caller gets a problem document like any other, and its place goes to the log.
        logger().exception("a request failed in a way nobody foresaw")
        count(Metric.FAILED)
        failed = problem(500, "internal", "Internal error", f"{what} failed in a way nobody foresaw.")
        return told(failed) if told else failed
    count(Metric.DONE)
    _tell(event, what)
    return answer


def _tell(event: dict[str, Any], what: str) -> None:
    """Count what was refused for the audit of the tenant whose address was called; where nobody's was, for nobody's."""
    code = code_counted()
    if code and URL in os.environ:
        facets = {"address": caller(event), "operation": what.removeprefix("The ")}
        refused.counting(_redis()).count(tenant_in_work(), code, facets)


@cache
def _redis() -> redis.Redis:
    return connect(redis_url())
