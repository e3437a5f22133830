"""Lambda handler of the sweeper, on a schedule of a minute."""

import os
from functools import cache, partial
from typing import Any

import redis

from functions.system.sweeper.catching_up import CatchingUp
from functions.system.sweeper.collecting import Collecting
from functions.system.sweeper.erasing import Erasing
from functions.system.sweeper.expiring import expired, folded, refusals_folded
from functions.system.sweeper.leaving import Leaving
from functions.system.sweeper.metering import Metering
from functions.system.sweeper.retiring import Retiring
from functions.system.sweeper.rolling_up import rolled_up
from functions.system.sweeper.stops import Stops
from functions.system.sweeper.sweeping import Sweeper
from stepweave.aws import Aws
from stepweave.aws.control.buses import put_events
from stepweave.aws.control.erasing import (
    delete_alias,
    delete_machine,
    delete_objects,
    delete_schedule,
    delete_stored,
    delete_version,
    folders,
)
from stepweave.aws.control.node_functions import NodeFunctions
from stepweave.runtime.credentials import Vault, vault_function
from stepweave.runtime.events import queue_sender
from stepweave.runtime.origins import content_origin
from stepweave_data.history.live import connect
from stepweave_data.link import Link
from stepweave_data.redis_link import redis_url
from stepweave_data.telemetry import Metric, count, observed


@observed
def handler(_: Any, __: Any) -> dict[str, int]:
    """Look at executions that have been open for long, or stand at a stop of the debugger for too long, at triggers
    that are to be taken away at providers, at schedules that missed times, at what the store keeps past its time, at
    workspaces that are to go, at what was used, at state machines that nothing needs, at executions that are to be
    counted, and at those whose time is over.

    Return how many were ended, taken away, made up for, deleted, told, collected, counted, and retired.
    """
    caught_up = CatchingUp(link(), hand_over).sweep()
    counted = rolled_up(link())
    ended = sweeper().sweep() + stops().sweep()
    gone = leaving().sweep()
    past = expired(link())
    folded(link())
    refusals_folded(link(), client())
    erased = erasing().sweep()
    told = Metering(link(), put_events).sweep()
    collected = Collecting(link(), delete_machine, delete_version, delete_alias).sweep()
    retired = retiring().sweep()
    count(Metric.DONE, ended + gone + caught_up + past + erased + told + collected + counted + retired)
    return {
        "ended": ended,
        "gone": gone,
        "caughtUp": caught_up,
        "expired": past,
        "erased": erased,
        "told": told,
        "collected": collected,
        "counted": counted,
        "retired": retired,
    }


def hand_over(request: dict[str, Any]) -> None:
    """Give the starter a request, and do not wait. Raises AwsError."""
    Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)


@cache
def sweeper() -> Sweeper:
    """Return this worker's."""
    return Sweeper(link(), lambda arn: Aws.shared().machines.describe(arn), queue_sender(), hand_over)


@cache
def stops() -> Stops:
    """Return this worker's."""
    return Stops(link(), Aws.shared().machines, queue_sender())


@cache
def leaving() -> Leaving:
    """Return this worker's."""
    functions = NodeFunctions(os.environ["STEPWEAVE_PREFIX"])
    return Leaving(link(), functions, Vault(vault_function()).kept, content_origin())


@cache
def erasing() -> Erasing:
    """Return this worker's."""
    group, bucket = os.environ["STEPWEAVE_PREFIX"], os.environ["STEPWEAVE_DATA_BUCKET"]
    return Erasing(link(), delete_machine, partial(delete_schedule, group), partial(delete_objects, bucket))


@cache
def retiring() -> Retiring:
    """Return this worker's."""
    bucket = os.environ["STEPWEAVE_DATA_BUCKET"]
    return Retiring(link(), partial(delete_stored, bucket), partial(folders, bucket))


@cache
def client() -> redis.Redis:
    """Return this worker's client of Redis."""
    return connect(redis_url())


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()
