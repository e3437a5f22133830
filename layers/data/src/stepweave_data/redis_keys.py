"""The name of every Redis key, and how long each lives (docs/reference/contracts.md)."""

from typing import Final
from uuid import UUID

CONNECTION_SECONDS: Final = 2 * 3600 + 600
"""A WebSocket connection lives at most 2 hours (API Gateway quotas)."""
LEASE_SECONDS: Final = 150
"""How long a subscription holds. A client subscribes again every 25 s; browsers hold the timers of a hidden tab back
for up to 60 s (Chromium's intensive throttling), so two of those may be lost."""
TICKET_SECONDS: Final = 60
SNAPSHOT_SECONDS: Final = 24 * 3600
ENDED_SECONDS: Final = 10 * 60
"""How long an execution's latest state stays once it has ended: Postgres has it."""
ANSWER_SECONDS: Final = 120
HOOK_SECONDS: Final = 60
TOLD_SECONDS: Final = 60
IDEMPOTENCY_SECONDS: Final = 24 * 3600
CLAIM_SECONDS: Final = 90
"""How long a call with an idempotency key has for its start; longer than a webhook function runs."""
TRY_SECONDS: Final = 180
"""A test URL listens for two minutes; who listens looks for a while after."""
CONNECTING_SECONDS: Final = 10 * 60
"""How long a person may take to agree at a provider."""
PROOF_SECONDS: Final = 5 * 60
"""How long a person may take to give a second factor, or to touch an authenticator."""
CONFIRMED_SECONDS: Final = 10 * 60
"""How long one may change how one signs in, after having shown who one is."""
STANDING_SECONDS: Final = 15
"""Most time for which somebody keeps what was taken from them, should Redis not be told of it."""
EPOCH_SECONDS: Final = 3600
"""Longer than a standing is kept, and than a request takes."""

OPTIONS_SECONDS: Final = 60
QUOTA_SECONDS: Final = 15


def standing(user_id: UUID, tenant_id: UUID, session_id: UUID) -> str:
    """What a user may do in a tenant, in a session (string, JSON: epoch, role, permissions)."""
    return f"standing:{user_id}:{tenant_id}:{session_id}"


def epoch(user_id: UUID) -> str:
    """How often what a user may do was changed of late (counter)."""
    return f"epoch:{user_id}"


def connections(user_id: str) -> str:
    """The connections of a user (set)."""
    return f"live:user:{user_id}"


def connection(connection_id: str) -> str:
    """A connection's tenant and user (hash)."""
    return f"live:conn:{connection_id}"


def connection_reach(connection_id: str) -> str:
    """What of its tenant a connection may watch, where that is a part only (string, JSON: projects, workflows)."""
    return f"live:conn:{connection_id}:reach"


def connection_channels(connection_id: str) -> str:
    """The channels of a connection (set)."""
    return f"live:conn:{connection_id}:channels"


def subscribers(channel: str) -> str:
    """The connections of a channel, scored by the time their lease ends, in seconds of the epoch (sorted set)."""
    return f"live:leases:{channel}"


def ticket(digest: str) -> str:
    """A live ticket by its SHA-256 (string)."""
    return f"live:ticket:{digest}"


def snapshot(execution_id: str) -> str:
    """An execution's latest state (hash)."""
    return f"live:snapshot:{execution_id}"


def answer(execution_id: str) -> str:
    """Where a webhook waits for its execution's answer (list)."""
    return f"answer:{execution_id}"


def hook(slug: str, path: str) -> str:
    """A webhook path's targets by method (string, JSON)."""
    return f"hook:{slug}:{path}"


def hook_patterns(slug: str, segments: int) -> str:
    """The paths with parameters of a workspace that have so many segments (string, JSON)."""
    return f"hook-patterns:{slug}:{segments}"


def hook_tries(slug: str) -> str:
    """Who listens at the test URLs of a workspace, by their ids (hash of JSON)."""
    return f"hook-tries:{slug}"


def hook_heard(listen_id: str) -> str:
    """The first call that came to one who listens (string, JSON)."""
    return f"hook-heard:{listen_id}"


def pace(tenant_id: str, credential_id: str) -> str:
    """The latest turns of a credential's requests, in milliseconds of the epoch (list); lives as long as its rate."""
    return f"pace:{tenant_id}:{credential_id}"


def turns(tenant_id: str, digest: str) -> str:
    """The latest turns of a throttle's key, by its SHA-256 (string, `moment:count,...`); lives a period longer."""
    return f"turns:{tenant_id}:{digest}"


def booking(tenant_id: str, digest: str) -> str:
    """What a booking of turns gave, by the SHA-256 of its name (string); an hour longer than those."""
    return f"booking:{tenant_id}:{digest}"


def turns_held(tenant_id: str) -> str:
    """What turns of a tenant are kept, `bytes:key` by their end (sorted set); beside it their sum, at `...:bytes`."""
    return f"turns-held:{tenant_id}"


def listener(slug: str, address: str) -> str:
    """The trigger with code that is called at an address (string, JSON)."""
    return f"listen:{slug}:{address}"


def told(registration_id: str, what: str) -> str:
    """That something was written down of a registration a moment ago (string)."""
    return f"told:{registration_id}:{what}"


def failed_starts(execution_id: str) -> str:
    """How often the start of a delivery's execution failed, by its first execution's id (counter)."""
    return f"listen:failed:{execution_id}"


def idempotency(tenant_id: str, workflow_id: str, digest: str) -> str:
    """The execution that a webhook call with an idempotency key started (string)."""
    return f"idem:{tenant_id}:{workflow_id}:{digest}"


def signed_message(tenant_id: str, workflow_id: str, digest: str) -> str:
    """The digest of the idempotency key with which a signed message came first (string)."""
    return f"signed:{tenant_id}:{workflow_id}:{digest}"


def idempotent_answer(tenant_id: str, workflow_id: str, digest: str) -> str:
    """The answer to that call, for all who make it again (list of one)."""
    return f"idem-answer:{tenant_id}:{workflow_id}:{digest}"


def repeated(tenant_id: str, who: str, digest: str) -> str:
    """What a caller's request with an idempotency key asked for, and its answer (string)."""
    return f"repeated:{tenant_id}:{who}:{digest}"


def kept(tenant_id: str) -> str:
    """What of a tenant's making is kept, `bytes:key` by the time of writing, in ms of the epoch (sorted set)."""
    return f"kept:{tenant_id}"


def kept_sizes() -> str:
    """How many bytes are kept of each tenant (sorted set)."""
    return "kept-sizes"


def kept_times() -> str:
    """When something of each tenant was kept last, in ms of the epoch (sorted set)."""
    return "kept-times"


def kept_total() -> str:
    """How many bytes are kept of all tenants (counter)."""
    return "kept-total"


def chat_entry(digest: str) -> str:
    """That a member's code for a chat was taken, by its SHA-256 (string)."""
    return f"chat-entry:{digest}"


def connecting(digest: str) -> str:
    """Which credential is being connected, by the SHA-256 of OAuth2's `state` (string, JSON)."""
    return f"oauth2:{digest}"


def sign_in(digest: str) -> str:
    """Who is on the way to an identity provider, by the SHA-256 of OpenID Connect's `state` (string, JSON)."""
    return f"sign-in:{digest}"


def proof(purpose: str, digest: str) -> str:
    """What somebody is asked to prove, by the SHA-256 of its challenge (string, JSON)."""
    return f"proof:{purpose}:{digest}"


def proof_tries(purpose: str, digest: str) -> str:
    """How often it was tried to answer a challenge (counter)."""
    return f"proof-tries:{purpose}:{digest}"


def options(tenant_id: str, digest: str) -> str:
    """A page of a field's choices, by the SHA-256 of what it depends on (string, JSON)."""
    return f"options:{tenant_id}:{digest}"


def quota(tenant_id: str) -> str:
    """What a tenant's plan leaves: whether the month has room, and whether starts are counted (string, JSON)."""
    return f"quota:{tenant_id}"


def full(tenant_id: str) -> str:
    """That a call was refused a moment ago, as the tenant's plan had no room, and why (string, JSON)."""
    return f"full:{tenant_id}"


def rate(what: str, who: str) -> str:
    """A rate limit's counter (string)."""
    return f"rate:{what}:{who}"


def refused(window: int, where: str) -> str:
    """What was refused in a window at the doors of a tenant, or ("") of none (hash)."""
    return f"refused:{window}:{where}"


def refused_place(key: str) -> str:
    """Return where what a key of `refused` holds was refused."""
    return key.split(":", 2)[2]


def refused_windows() -> str:
    """The keys of `refused` that are not in the audit yet, by the end of their window (sorted set)."""
    return "refused-windows"


def ticket_taken(digest: str) -> str:
    """Whose live ticket was taken, by its SHA-256 (string): who brings it again is told of there."""
    return f"live:ticket-taken:{digest}"


def execution_channel(execution_id: str) -> str:
    """The channel of one execution's events."""
    return f"execution:{execution_id}"


def chat_channel(execution_id: str) -> str:
    """The channel on which a chat's page hears that there is something new of one execution, and nothing else."""
    return f"chat:{execution_id}"


def workflow_channel(workflow_id: str) -> str:
    """The channel of a workflow's executions."""
    return f"workflow:{workflow_id}"


def narrowed_channel(tenant_id: str) -> str:
    """Where those stand who watch the channel of a tenant and see a part of it only."""
    return f"narrowed:{tenant_id}"


def tenant_channel(tenant_id: str) -> str:
    """The channel of all of a tenant's executions."""
    return f"tenant:{tenant_id}"
