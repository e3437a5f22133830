"""Lambda handler of the alerter, on a schedule of a minute."""

import os
from functools import cache
from typing import Any

from functions.system.alerter.alerting import Alerting
from stepweave.aws import Aws
from stepweave_data.alerting.delivering import Delivering
from stepweave_data.alerting.sending import Sender
from stepweave_data.link import Link
from stepweave_data.mails import mails_of
from stepweave_data.telemetry import Metric, count, observed
from stepweave_data.vaulting import KeyService


@observed
def handler(_: Any, __: Any) -> dict[str, int]:
    """Look at what rules watch, and say what is to be said. Return how many messages were said."""
    said = alerting().sweep()
    count(Metric.DONE, said)
    return {"said": said}


@cache
def alerting() -> Alerting:
    """Return this worker's."""
    link = Link()
    mails = mails_of(os.environ.get("STEPWEAVE_MAIL_URL", ""), os.environ.get("STEPWEAVE_MAIL_FROM", ""))
    sender = Sender(mails, ask_starter, os.environ.get("STEPWEAVE_PUBLIC_URL", "").rstrip("/"))
    return Alerting(link, Delivering(link, keys, sender))


def ask_starter(request: dict[str, Any]) -> dict[str, Any]:
    """Have the starter start something, and return what it says. Raises AwsError."""
    starter = os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"]
    answer: dict[str, Any] = Aws.shared().functions.invoke(starter, request)
    return answer


@cache
def keys() -> KeyService:
    """Return KMS."""
    from stepweave.aws.control.keys import KmsKeys

    return KmsKeys()
