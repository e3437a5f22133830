"""Says until when to wait, and passes the items on afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Final

from functions.nodes.flow.wait.spec import Params
from stepweave.model.items import Item
from stepweave.model.moments import FORMS, read_moment
from stepweave.runtime import Step
from stepweave.runtime.errors import NodeError, ParameterInvalid


class WaitTooLong(NodeError):
    """A wait would end later than an execution can live."""


LONGEST: Final = timedelta(days=365)
"""A Standard execution's longest life (Step Functions quotas)."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return nothing and wait, or after that the input items."""
    if step.control.phase == "resume":
        return {"main": step.items()}
    if step.control.phase == "timedOut":
        return {"timeout": step.items()}
    now = datetime.now(UTC)
    if step.control.task_token:
        expires = now + timedelta(seconds=step.constant("limitSeconds"))
        step.control.suspend({"kind": "callback", "token": step.control.task_token, "expiresAt": _text(expires)})
        return {}
    until = _moment(step.params(), now, step.context["timeZone"])
    step.control.suspend({"kind": "time", "until": _text(until)})
    step.control.extra["wait"] = {"until": _text(until)}
    return {}


def _moment(params: Params, now: datetime, zone: str) -> datetime:
    """Return when to go on. Raises ParameterInvalid, WaitTooLong."""
    if params.mode == "duration":
        try:
            until = now + timedelta(**{params.unit: params.amount})
        except OverflowError:
            until = now + 2 * LONGEST
    else:
        until = _read(params.until, zone)
    if until - now > LONGEST:
        raise WaitTooLong("The wait ends in more than a year.", "Wait for a shorter time; an execution lives a year.")
    return max(until, now)


def _read(text: str, zone: str) -> datetime:
    moment = read_moment(text, zone)
    if moment is None:
        raise ParameterInvalid(
            f"{text[:80]!r} is not a moment.",
            f"Give {FORMS}, or milliseconds since 1970.",
            details={"field": "params.until"},
        )
    return moment


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
