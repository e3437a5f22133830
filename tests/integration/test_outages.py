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


@contextlib.contextmanager
def without_redis(settings: LocalSettings) -> Iterator[None]:
    """Have Redis answer nobody in the block: its process stands still, so connections hang, the worst of outages."""
    [process] = [
        one
        for one in psutil.process_iter(["name", "cmdline"])
        if one.info["name"] == "redis-server" and str(settings.redis_port) in " ".join(one.info["cmdline"] or ())
    ]
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def crash_postgres(settings: LocalSettings) -> None:
    """Kill one of Postgres' own processes: it ends all connections, refuses new ones, and recovers from its log."""
    with psycopg.connect(owner_url(settings)) as connection:
        pid = connection.info.backend_pid
        psutil.Process(pid).kill()
        with contextlib.suppress(psycopg.OperationalError):
            connection.execute("SELECT 1")


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


def test_a_crash_of_postgres_in_the_middle_loses_no_accepted_run(tenant: Session, settings: LocalSettings) -> None:
    async def run(client: Client) -> None:
        workflow, hook = await hook_of(client, f"Crash {uuid.uuid4().hex[:6]}", f"crash-{uuid.uuid4().hex[:6]}")
        answers: list[httpx.Response] = []

        async def until(http: httpx.AsyncClient, most: int) -> None:
            """Call until so many calls were accepted, as fast as it goes while it goes."""
            had = sum(one.status_code == ACCEPTED for one in answers)
            end = time.monotonic() + WAIT_SECONDS
            while sum(one.status_code == ACCEPTED for one in answers) < had + most:
                assert time.monotonic() < end, answers[-1].text
                answers.append(await http.post(hook, json={"n": len(answers)}))
                await asyncio.sleep(0.01 if answers[-1].status_code == ACCEPTED else 0.5)

        async with httpx.AsyncClient(timeout=60) as http:
            await until(http, 6)
            await asyncio.gather(until(http, 6), asyncio.to_thread(crash_postgres, settings))
        accepted = [one for one in answers if one.status_code == ACCEPTED]
        refused = [one for one in answers if one.status_code != ACCEPTED]
        assert accepted
        for one in refused:
            assert one.status_code == UNAVAILABLE, one.text
            assert one.headers["content-type"].startswith("application/problem+json")
            assert one.headers["retry-after"]
        ids = [one.headers["x-stepweave-execution"] for one in accepted]
        assert len(set(ids)) == len(ids)
        assert {await ended(client, id) for id in ids} == {"succeeded"}
        known = await client.get("/executions", workflowId=workflow, limit=100)
        assert {one["id"] for one in known["items"]} == set(ids), "what was refused did not run"
        await client.post(f"/workflows/{workflow}/unpublish", {})

    tenant(run)
