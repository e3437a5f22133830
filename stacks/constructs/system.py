"""The platform's own functions as a table: what each needs, and what follows from a need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stacks.constructs.queues import RECORDER_SECONDS


class Need(StrEnum):
    """Something a system function uses: brings variables, rights, and for the servers a place in the VPC."""

    DATABASE = "Postgres as the application role"
    OWNER = "Postgres as the owner"
    REDIS = "Redis"
    JWT = "the key that signs access tokens"
    EVENTS = "send to the events queue"
    ITEMS = "read and write executions' data"
    LEND = "lend rights for executions' data"
    REWRAP = "wrap data keys anew"
    KEY = "wrap and unwrap credentials' data keys"
    CONNECTIONS = "send to WebSocket connections"
    START = "start executions"
    LOOK = "look at executions"
    PUBLISH = "make state machines and schedules, stop executions, call the starter"
    VAULT = "call the vault"
    HAND_OVER = "have the starter run an execution"
    ORIGIN = "know where people find the app, and what tenants write"
    CALLBACK = "sign callback URLs"
    SIGN = "sign and check passes of executions"
    ANSWER = "answer task tokens"
    STOP = "stop executions"
    OUTSIDE = "reach servers outside"
    ASK = "ask node functions"
    ERASE = "delete machines, schedules and objects of workspaces that go"
    TELL = "put events of what was used on the account's event bus"
    MAIL = "send the platform's mail"
    FRONT = "know whether a request came through CloudFront"


IN_VPC: Final = frozenset({Need.DATABASE, Need.OWNER, Need.REDIS})
"""What can be reached from within the VPC only."""


@dataclass(frozen=True, slots=True)
class SystemFunction:
    """A function of the platform, in `functions/system/<name>` unless `package` says where."""

    name: str
    description: str
    needs: frozenset[Need]
    layers: Sequence[str] = ("core", "data")
    timeout_seconds: int = 30
    memory_mb: int = 512
    package: str = ""
    module: str = "handler"
    ships: Sequence[str] = ()
    only_on_aws: bool = False
    reserved: int = 0
    """Percent of the account's invocations at once that are this one's, and no more, where a deployment reserves any
    (`lambdaConcurrency`). Only of what nobody outside can keep busy: the share of one that waits for a tenant's server
    would be full with that."""
    local_workers: int | None = None
    """How many processes serve it on one machine (local/emulator/invocation.py); the emulator's default where None."""

    @property
    def in_vpc(self) -> bool:
        """Whether it must run in the VPC."""
        return bool(self.needs & IN_VPC)


N = Need
SYSTEM: Final[Mapping[str, SystemFunction]] = {
    function.name: function
    for function in (
        SystemFunction(
            "api",
            "The REST API",
            frozenset(
                {
                    N.DATABASE,
                    N.REDIS,
                    N.JWT,
                    N.EVENTS,
                    N.ITEMS,
                    N.KEY,
                    N.PUBLISH,
                    N.ORIGIN,
                    N.CALLBACK,
                    N.SIGN,
                    N.ANSWER,
                    N.OUTSIDE,
                    N.VAULT,
                    N.ASK,
                    N.MAIL,
                }
            ),
            layers=("core", "data", "api"),
            # API Gateway gives up after 30 s; an answer of ours beats a 503 of its own.
            timeout_seconds=29,
            memory_mb=1024,
            # A process of it takes 40 MB; two keep a laptop's cores busy.
            local_workers=2,
            package="api",
            ships=("docs/reference/catalog.json",),
        ),
        SystemFunction(
            "webhook",
            "Starts executions from webhooks",
            frozenset(
                {
                    N.DATABASE,
                    N.REDIS,
                    N.EVENTS,
                    N.ITEMS,
                    N.START,
                    N.VAULT,
                    N.HAND_OVER,
                    N.ORIGIN,
                    N.CALLBACK,
                    N.SIGN,
                    N.ASK,
                    N.OUTSIDE,
                }
            ),
            timeout_seconds=30,
        ),
        SystemFunction(
            "resume",
            "Lets executions go on whose callback URL is called",
            frozenset({N.DATABASE, N.REDIS, N.EVENTS, N.ITEMS, N.CALLBACK, N.SIGN, N.ANSWER}),
            timeout_seconds=30,
        ),
        SystemFunction(
            "form",
            "Shows forms, starts executions with what is sent, and lets those go on that wait for a page",
            frozenset(
                {
                    N.DATABASE,
                    N.REDIS,
                    N.EVENTS,
                    N.ITEMS,
                    N.START,
                    N.HAND_OVER,
                    N.ORIGIN,
                    N.CALLBACK,
                    N.SIGN,
                    N.ANSWER,
                },
            ),
            timeout_seconds=30,
        ),
        SystemFunction(
            "chat",
            "Shows chats, starts executions with what is written there, and tells how far their answers are",
            frozenset(
                {
                    N.DATABASE,
                    N.REDIS,
                    N.EVENTS,
                    N.ITEMS,
                    N.START,
                    N.STOP,
                    N.VAULT,
                    N.HAND_OVER,
                    N.ORIGIN,
                    N.CALLBACK,
                    N.SIGN,
                }
            ),
            timeout_seconds=30,
        ),
        SystemFunction(
            "starter",
            "Starts executions for schedules, people and other executions",
            frozenset({N.DATABASE, N.EVENTS, N.ITEMS, N.START, N.HAND_OVER, N.ORIGIN, N.CALLBACK, N.SIGN, N.ASK}),
            # It waits for Express executions, which may take five minutes.
            timeout_seconds=330,
        ),
        SystemFunction(
            "caller",
            "Starts workflows that nodes call: all of the starter that nodes reach",
            frozenset({N.DATABASE, N.EVENTS, N.ITEMS, N.START, N.HAND_OVER, N.ORIGIN, N.CALLBACK, N.SIGN}),
            timeout_seconds=60,
            package="functions.system.starter",
            module="calling",
        ),
        SystemFunction(
            "recorder",
            "Writes events to history, pushes them to browsers, and tells callers and error workflows of ends",
            frozenset(
                {N.DATABASE, N.REDIS, N.CONNECTIONS, N.EVENTS, N.ITEMS, N.ANSWER, N.STOP, N.HAND_OVER, N.SIGN},
            ),
            timeout_seconds=RECORDER_SECONDS,
            reserved=2,
        ),
        SystemFunction("status", "Reports the end of Standard executions", frozenset({N.EVENTS}), reserved=2),
        SystemFunction(
            "live",
            "Serves WebSocket connections",
            frozenset({N.DATABASE, N.REDIS, N.CONNECTIONS}),
            timeout_seconds=15,
            reserved=3,
        ),
        SystemFunction(
            "authorizer",
            "Takes the ticket of a WebSocket connection",
            frozenset({N.REDIS, N.FRONT}),
            timeout_seconds=10,
            reserved=2,
        ),
        SystemFunction(
            "front",
            "Lets in what comes through CloudFront",
            frozenset({N.FRONT}),
            timeout_seconds=10,
            only_on_aws=True,
            reserved=2,
        ),
        SystemFunction(
            "vault",
            "Opens credentials for nodes",
            frozenset({N.DATABASE, N.KEY, N.OUTSIDE, N.REDIS, N.SIGN}),
            # It may renew a token, or wait for another to have renewed it.
            timeout_seconds=30,
            ships=("docs/reference/catalog.json",),
        ),
        SystemFunction(
            "store",
            "Keeps the keys, tables, turns, talks and spending of tenants for nodes",
            frozenset({N.DATABASE, N.REDIS, N.ORIGIN, N.SIGN}),
            # The last operation may begin after 20 s, and wait for another's row.
            timeout_seconds=40,
        ),
        SystemFunction(
            "storage",
            "Lends nodes the rights to the data of their own execution",
            frozenset({N.DATABASE, N.SIGN, N.LEND}),
            timeout_seconds=10,
        ),
        SystemFunction(
            "debugger",
            "Says whether a node of a debug run stops",
            frozenset({N.DATABASE, N.EVENTS, N.ITEMS, N.SIGN, N.ANSWER}),
            # A condition is asked of some items, each for a second at most.
            timeout_seconds=30,
        ),
        SystemFunction(
            "sweeper",
            "Ends what nobody reported the end of, takes triggers and machines away, deletes workspaces",
            frozenset(
                {
                    N.DATABASE,
                    N.REDIS,
                    N.EVENTS,
                    N.LOOK,
                    N.STOP,
                    N.HAND_OVER,
                    N.VAULT,
                    N.ASK,
                    N.ORIGIN,
                    N.SIGN,
                    N.ERASE,
                    N.TELL,
                }
            ),
            # 40 s for executions, then 20 s for triggers, the last of which may take 13 s more, 15 s for workspaces,
            # 15 s for machines, 24 s for executions whose time is over.
            timeout_seconds=140,
        ),
        SystemFunction(
            "alerter",
            "Looks at what alert rules watch, and tells of it by mail, Slack, webhook and workflow",
            frozenset({N.DATABASE, N.KEY, N.OUTSIDE, N.MAIL, N.HAND_OVER, N.ORIGIN}),
            # 40 s, and the last message may take 8 s, the starter's answer 10 s more.
            timeout_seconds=60,
            local_workers=1,
        ),
        SystemFunction(
            "migrate",
            "Brings the database to the latest migration; called once per release",
            frozenset({N.DATABASE, N.OWNER, N.REWRAP}),
            layers=("core", "data", "migrate"),
            timeout_seconds=300,
            only_on_aws=True,
        ),
    )
}
