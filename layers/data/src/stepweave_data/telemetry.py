"""What the control plane's functions tell of themselves: log lines in one shape, and metrics that alarms watch.

Both are Powertools' (ADR 17). A log line is JSON with `level`, `message`, `service`, `timestamp`, `function_request_id`
and, once they are known, `tenant_id` and `execution_id`; a function's metrics are one line more, with the same ids.
Names of fields are Powertools': snake case. No secret and nothing of a tenant's items may go here.
"""

import os
from collections.abc import Callable
from contextvars import ContextVar
from enum import StrEnum
from functools import cache, wraps
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from stepweave.model.usage import Usage

Handler = Callable[[dict[str, Any], Any], Any]


class Metric(StrEnum):
    """What is counted. Whose work it is says the dimension `service`: the function's name."""

    DONE = "Done"
    """What the function is for: an execution started, a message recorded, a credential opened, a ticket taken."""
    REFUSED = "Refused"
    """Asked for what is not there or may not be: the asker's mistake, or on purpose."""
    UNAVAILABLE = "Unavailable"
    """Could not be done now, because something that is needed does not answer. It comes again, or the asker is told."""
    FAILED = "Failed"
    """Failed in a way nobody foresaw."""
    FORGED = "Forged"
    """A request or message with a pass that none of us has signed."""
    MALFORMED = "Malformed"
    """A message that can never be recorded: it goes to the dead letters."""
    DELAY = "Delay"
    """Milliseconds from a message's sending until it is recorded."""
    REQUESTS = "NodeRequests"
    """HTTP requests that nodes sent."""
    TOKENS_IN = "TokensIn"
    """Tokens that nodes sent to language models."""
    TOKENS_OUT = "TokensOut"
    """Tokens that came of them."""
    MONEY = "Money"
    """What nodes spent. The metric's name has the currency behind it: `MoneyEUR`."""


_tenant: ContextVar[str] = ContextVar("stepweave_tenant", default="")


@cache
def logger() -> Logger:
    """Return this worker's logger. `POWERTOOLS_SERVICE_NAME` names the function, `POWERTOOLS_LOG_LEVEL` the level."""
    return Logger(use_rfc3339=True)


@cache
def metrics() -> Metrics:
    """Return this worker's metrics, in the deployment's own namespace (`POWERTOOLS_METRICS_NAMESPACE`)."""
    return Metrics(namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE") or "stepweave")


def count(metric: Metric, number: float = 1) -> None:
    """Count what happened in this invocation."""
    metrics().add_metric(metric.value, MetricUnit.Count, number)


def used(usage: Usage) -> None:
    """Count what nodes used."""
    tokens = usage.get("tokens", {}).values()
    for metric, number in (
        (Metric.REQUESTS, usage.get("requests", 0)),
        (Metric.TOKENS_IN, sum(one["input"] for one in tokens)),
        (Metric.TOKENS_OUT, sum(one["output"] for one in tokens)),
    ):
        if number:
            count(metric, number)
    for code, amount in usage.get("money", {}).items():
        metrics().add_metric(f"{Metric.MONEY}{code}", MetricUnit.Count, float(amount))


def delay(milliseconds: float) -> None:
    """Tell how long a message was on its way."""
    metrics().add_metric(Metric.DELAY.value, MetricUnit.Milliseconds, milliseconds)


def count_status(status: int) -> None:
    """Count a request by the HTTP status that we answer it with."""
    if status == 500:
        count(Metric.FAILED)
    elif status > 500:
        count(Metric.UNAVAILABLE)
    else:
        count(Metric.REFUSED if status >= 400 else Metric.DONE)


def about(**ids: str) -> None:
    """Say whom the invocation is about: `tenant_id`, `execution_id` and the like are in every line from here on."""
    if "tenant_id" in ids:
        _tenant.set(ids["tenant_id"])
    logger().append_keys(**ids)
    for name, value in ids.items():
        metrics().add_metadata(name, value)


def begin_work() -> None:
    """Say that what begins is about nobody yet."""
    _tenant.set("")


def tenant_in_work() -> str:
    """Return the tenant that `about` named last; "" where it named none."""
    return _tenant.get()


def observed(handler: Handler) -> Handler:
    """Give a Lambda handler's lines the ids of their request, and send its metrics when it ends.

    What it raises is logged in the shape of everything else, counted, and raised on.
    """

    def counted(event: dict[str, Any], context: Any) -> Any:
        metrics().add_metadata("function_request_id", context.aws_request_id)
        try:
            return handler(event, context)
        except Exception:
            logger().exception("the function failed in a way nobody foresaw")
            count(Metric.FAILED)
            raise

    sent = metrics().log_metrics(counted)
    invoked: Handler = wraps(handler)(logger().inject_lambda_context(sent, clear_state=True))
    return invoked
