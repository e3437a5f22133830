"""How the functions behind `/hooks/...` serve: every request gets an answer, and its outcome is counted."""

from collections.abc import Callable
from typing import Any

from stepweave_data.hooks.refusals import Refusal, problem
from stepweave_data.hooks.requests import ROOM, Request, read_request
from stepweave_data.telemetry import Metric, count, count_status, logger


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
    try:
        answer = serve(read_request(event, room))
    except Refusal as refusal:
        count_status(503 if refusal.unavailable else 400)
        return told(refusal.answer) if told else refusal.answer
    except Exception:
        # A mistake of ours: the caller gets a problem document like any other, and its place goes to the log.
        logger().exception("a request failed in a way nobody foresaw")
        count(Metric.FAILED)
        failed = problem(500, "internal", "Internal error", f"{what} failed in a way nobody foresaw.")
        return told(failed) if told else failed
    count(Metric.DONE)
    return answer
