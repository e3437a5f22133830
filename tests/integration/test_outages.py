"""While Redis or Postgres is away, and after: nobody gets in who should not, what was accepted runs, all comes back."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import psutil
import psycopg
import pytest
from websockets.exceptions import InvalidStatus

from local.client.live import connection, events
from local.client.rest import ApiError, Client
from local.settings import LocalSettings
from local.stack.database import owner_url
from tests.integration.conftest import Person, Session
from tests.integration.test_main_job import chain, node

pytestmark = [pytest.mark.integration, pytest.mark.breaking]
ACCEPTED, UNAVAILABLE, UNAUTHORIZED = 202, 503, 401
WAIT_SECONDS = 90
CALLERS = 4


def redis_process(settings: LocalSettings) -> psutil.Process:
    [process] = [
        one
        for one in psutil.process_iter(["name", "cmdline"])
        if one.info["name"] == "redis-server" and str(settings.redis_port) in " ".join(one.info["cmdline"] or ())
    ]
    return process


@contextlib.contextmanager
def without_redis(settings: LocalSettings) -> Iterator[None]:
    """Have Redis answer nobody in the block: its process stands still, so connections hang, the worst of outages."""
    process = redis_process(settings)
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def kill_postgres(settings: LocalSettings) -> None:
    """Kill all of Postgres at once, as the machine's end would: whoever runs the stack starts it again."""
    with psycopg.connect(owner_url(settings)) as connection:
        server = psutil.Process(connection.info.backend_pid).parent()
    assert server is not None
    for process in (server, *server.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


async def hook_of(client: Client, name: str, path: str) -> tuple[str, str]:
    """Publish a workflow that answers at once, and return its id and its webhook's URL."""
    hook = {"method": "POST", "path": path, "respond": "immediately"}
    made = await client.post("/workflows", chain(name, node("hook", "webhook_trigger", hook), node("same", "no_op")))
    await client.post(f"/workflows/{made['id']}/publish")
    return made["id"], (await client.get(f"/workflows/{made['id']}"))["webhooks"][0]["url"]


async def ended(client: Client, execution_id: str) -> str:
    """Return how an execution ended. Raises TimeoutError, and ApiError where it is not known in the end."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            status = (await client.get(f"/executions/{execution_id}"))["status"]
        except ApiError as error:
            if error.status not in (404, UNAVAILABLE) or time.monotonic() > until:
                raise
            status = "unknown"
        if status in ("succeeded", "failed", "timed_out", "cancelled"):
            return str(status)
        if time.monotonic() > until:
            raise TimeoutError(f"{execution_id} is {status}")
        await asyncio.sleep(0.5)


async def refusal(work: Any) -> tuple[int, str | None]:
    try:
        await work
    except ApiError as error:
        return error.status, error.code
    return 200, None


def test_without_redis_nobody_gets_in_by_guessing_and_all_comes_back(
    tenant: Session, person: Person, settings: LocalSettings
) -> None:
    async def run(client: Client) -> None:
        workflow, hook = await hook_of(client, f"Outage {uuid.uuid4().hex[:6]}", f"outage-{uuid.uuid4().hex[:6]}")
        async with (
            Client(settings.url) as gone,
            Client(settings.url) as stranger,
            httpx.AsyncClient(timeout=60) as http,
        ):
            await gone.login(person.email, person.password)
            token = gone._token
            ticket = (await client.post("/live/ticket"))["ticket"]
            with without_redis(settings):
                # Rights are Postgres' to say. A session that ends in the outage is over in it.
                assert (await client.get("/me"))["user"]["email"] == person.email
                await gone.post("/auth/logout")
                headers = {"Authorization": f"Bearer {token}"}
                for path in ("/me", "/workflows", "/credentials"):
                    answer = await http.get(f"{settings.url}/api{path}", headers=headers)
                    assert answer.status_code == UNAUTHORIZED, path
                # Nobody guesses a password, nobody takes a ticket or uses one that was taken.
                for password in (person.password, "wrong"):
                    refused = await refusal(stranger.login(person.email, password))
                    assert refused == (UNAVAILABLE, "redis_unavailable")
                assert await refusal(client.post("/live/ticket")) == (UNAVAILABLE, "redis_unavailable")
                with pytest.raises(InvalidStatus):
                    async with connection_with(settings, ticket):
                        pass
                # What a webhook accepts, runs.
                accepted = await http.post(hook, json={"n": 1})
                assert accepted.status_code == ACCEPTED, accepted.text
            found = accepted.headers["x-stepweave-execution"]
            assert await ended(client, found) == "succeeded"
            until = time.monotonic() + WAIT_SECONDS
            while (await refusal(stranger.login(person.email, person.password)))[0] != 200:
                assert time.monotonic() < until, "logging in did not come back"
                await asyncio.sleep(0.5)
            assert (await http.get(f"{settings.url}/api/me", headers=headers)).status_code == UNAUTHORIZED
            await until_connected(client)
            again = await http.post(hook, json={"n": 2})
            live = [one async for one in events(client, again.headers["x-stepweave-execution"])]
            assert live[-1]["type"] == "execution.succeeded"
        await client.post(f"/workflows/{workflow}/unpublish", {})

    tenant(run)


def test_a_killed_redis_forgets_no_key_and_takes_no_ticket_twice(tenant: Session, settings: LocalSettings) -> None:
    async def run(client: Client) -> None:
        workflow, hook = await hook_of(client, f"Kill {uuid.uuid4().hex[:6]}", f"kill-{uuid.uuid4().hex[:6]}")
        key = {"idempotency-key": uuid.uuid4().hex}
        ticket = (await client.post("/live/ticket"))["ticket"]
        async with httpx.AsyncClient(timeout=60) as http:
            headers = {**key, "Authorization": f"Bearer {client._token}"}

            async def both() -> tuple[httpx.Response, httpx.Response]:
                folder = {"name": f"Made once {key['idempotency-key'][:6]}", "parentId": None}
                made = await http.post(f"{settings.url}/api/folders", json=folder, headers=headers)
                return made, await http.post(hook, json={"n": 1}, headers=key)

            async with connection_with(settings, ticket):
                first = await both()
            assert [one.status_code for one in first] == [201, ACCEPTED]
            redis_process(settings).kill()
            # A call is refused while nobody knows whether it was made before, or gets the first one's answer.
            until = time.monotonic() + WAIT_SECONDS
            again = await both()
            while {one.status_code for one in again} != {201, ACCEPTED}:
                assert {one.status_code for one in again} <= {201, ACCEPTED, UNAVAILABLE}, [it.text for it in again]
                assert time.monotonic() < until, "Redis did not come back"
                await asyncio.sleep(0.3)
                again = await both()
        assert again[0].json() == first[0].json()
        assert again[0].headers["idempotent-replayed"] == "true"
        found = [one.headers["x-stepweave-execution"] for one in (first[1], again[1])]
        assert found[0] == found[1]
        assert await ended(client, found[0]) == "succeeded"
        known = await client.get("/executions", workflowId=workflow, limit=100)
        assert [one["id"] for one in known["items"]] == found[:1]
        with pytest.raises(InvalidStatus):
            async with connection_with(settings, ticket):
                pass
        await until_connected(client)
        await client.post(f"/workflows/{workflow}/unpublish", {})

    tenant(run)


async def until_connected(client: Client) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            async with connection(client):
                return
        except InvalidStatus:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.5)


@contextlib.asynccontextmanager
async def connection_with(settings: LocalSettings, ticket: str) -> Any:
    from websockets.asyncio.client import connect

    url = settings.url.replace("http", "ws", 1) + f"/live?ticket={ticket}"
    async with connect(url, proxy=None) as socket:
        yield socket


def test_a_killed_postgres_under_load_loses_no_accepted_run(tenant: Session, settings: LocalSettings) -> None:
    """Whoever was told 202 finds their run in the history; whoever was told 503 has none there. Sent again, with the
    same key, each counts once. It takes a minute: what the recorder could not write comes again after that long."""

    async def run(client: Client) -> None:
        workflow, hook = await hook_of(client, f"Crash {uuid.uuid4().hex[:6]}", f"crash-{uuid.uuid4().hex[:6]}")
        answers: list[httpx.Response] = []
        limit = time.monotonic() + WAIT_SECONDS
        ended_at = float("inf")

        async def caller(http: httpx.AsyncClient, name: str) -> None:
            """Call one after the other, each with a key until it is accepted, till some were after the end."""
            number = 0
            while sum(at > ended_at for at, _ in accepted) < 2 * CALLERS:
                assert time.monotonic() < limit, answers[-1].text
                key = {"idempotency-key": f"{name}-{number}"}
                answer = await http.post(hook, json={"caller": name, "n": number}, headers=key)
                answers.append(answer)
                if answer.status_code == ACCEPTED:
                    accepted.append((time.monotonic(), answer))
                    number += 1
                await asyncio.sleep(0.05 if answer.status_code == ACCEPTED else 0.3)

        async def break_it() -> None:
            nonlocal ended_at
            while len(accepted) < CALLERS:
                await asyncio.sleep(0.05)
            await asyncio.to_thread(kill_postgres, settings)
            ended_at = time.monotonic()

        accepted: list[tuple[float, httpx.Response]] = []
        async with httpx.AsyncClient(timeout=60) as http:
            await asyncio.gather(break_it(), *(caller(http, f"c{one}") for one in range(CALLERS)))
        for one in answers:
            if one.status_code != ACCEPTED:
                assert one.status_code == UNAVAILABLE, one.text
                assert one.headers["content-type"].startswith("application/problem+json")
                assert one.headers["retry-after"]
        ids = [one.headers["x-stepweave-execution"] for _, one in accepted]
        assert len(set(ids)) == len(ids)
        assert {await ended(client, id) for id in ids} == {"succeeded"}
        known = await client.get("/executions", workflowId=workflow, limit=100)
        assert {one["id"] for one in known["items"]} == set(ids), "what was refused did not run"
        await client.post(f"/workflows/{workflow}/unpublish", {})

    tenant(run)
