"""`stepweave debug` against the API: what is typed into a real pipe, what is told, and the exit status.

The API and the debugger's function are the real ones; the state machine is this test's, which asks at each node.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from click.exceptions import Exit

from local.cli import stops
from local.cli.main import app
from tests.api.conftest import World
from tests.api.test_debugging import DOCUMENT, ITEMS, Debug, debugging
from tests.fixtures.servers import Databases

CHAIN = (("a", "t"), ("b", "a"))


@dataclass
class Command:
    """The command, and the machine that it debugs."""

    debug: Debug
    databases: Databases
    key: str
    capture: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    nodes: tuple[tuple[str, str], ...] = CHAIN
    given: dict[str, Any] = field(default_factory=dict)
    """Items that reach a node, by its id."""
    ends: str = "succeeded"
    between: Callable[[], None] = lambda: None
    """What happens while the first stop waits."""
    sent: list[dict[str, Any]] = field(default_factory=list)
    """What was answered to nodes that were stopped."""

    async def machine(self, _: Any, execution_id: str) -> AsyncIterator[Any]:
        """Be the live events of an execution whose nodes come one after the other."""
        debug, world = self.debug, self.debug.stage.world
        debug.execution_id = execution_id
        for node, of in self.nodes:
            yield {"type": "node.started", "at": "2026-12-01T10:00:00.000Z", "nodeId": node}
            if await asyncio.to_thread(debug.reaches, node, self.given.get(node, ITEMS), of=of) is not None:
                continue
            yield world.events.events[-1]
            before, told = len(world.tokens.answered), len(world.events.events)
            await asyncio.to_thread(self.between)
            while len(world.tokens.answered) == before and self.status() == "queued":
                await asyncio.sleep(0.01)
            self.sent += [answer for _, answer in world.tokens.answered[before:]]
            for event in world.events.events[told:]:
                yield event
            if self.status() != "queued":
                break
        with psycopg.connect(self.databases.owner) as connection:
            update = "UPDATE executions SET status = %s WHERE id = %s AND status = 'queued'"
            connection.execute(update, (self.ends, execution_id))
        yield {"type": f"execution.{self.status()}", "at": "2026-12-01T10:00:01.000Z"}

    def status(self) -> str:
        with psycopg.connect(self.databases.owner) as connection:
            row = connection.execute("SELECT status FROM executions WHERE id = %s", (self.debug.execution_id,))
            found = row.fetchone()
            assert found is not None
            return str(found[0])

    def __call__(
        self, typed: str | None, *arguments: str, closes: bool = True, workflow: str = ""
    ) -> tuple[int, Any, str]:
        """Return the status, the result and what was told; `typed` goes into a pipe, which closes behind it or not."""
        read, write = os.pipe()
        os.write(write, (typed or "").encode())
        if closes:
            os.close(write)
        options = ["--url", "http://stepweave.test", "--api-key", self.key]
        with os.fdopen(read) as stdin:
            self.monkeypatch.setattr(sys, "stdin", stdin)
            try:
                status = app(["debug", workflow or self.debug.workflow_id, *options, *arguments], standalone_mode=False)
            except Exit as end:
                status = end.exit_code
            if not closes:
                os.close(write)
        out, told = self.capture.readouterr()
        return status or 0, json.loads(out) if out else None, told


@pytest.fixture
def command(
    world: World, databases: Databases, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    transport = httpx.ASGITransport(app=world.app)
    monkeypatch.setattr("local.client.rest.httpx.AsyncClient", partial(httpx.AsyncClient, transport=transport))
    with debugging(world, databases) as debug:
        may = ["executions.read", "executions.run", "workflows.read", "workflows.write"]
        made = debug.client.post("/api/keys", json={"name": "cli", "permissions": may})
        assert made.status_code == 201, made.text
        found = Command(debug, databases, made.json()["text"], capsys, monkeypatch)
        monkeypatch.setattr(stops, "events", found.machine)
        yield found


def test_a_run_is_stepped_through_by_a_pipe_and_its_items_are_changed(command: Command) -> None:
    typed = 'p\nprint $json.n * 2\nset [{"n": 5}, {"n": 6}]\nprint $json.n * 2\nset 2 {"n": 7}\nstep\n# look\n\nc\n'
    status, result, told = command(typed)
    assert (status, result["status"]) == (0, "succeeded")
    inputs = command.sent[0]["inputs"]["main"][0]["items"]
    assert [item["json"] for item in inputs] == [{"n": 5}, {"n": 7}]
    assert command.sent[1] == {"attempts": 0}
    for words in (
        "Stopped before 'Price' (step)",
        "main: 2 items\n",
        '    2  {"n": 20}',
        "> print $json.n * 2\n  2\n",
        "main: 2 items, changed\n",
        "> print $json.n * 2\n  10\n",
        "Stopped before 'Total' (step)",
        "/executions/",
    ):
        assert words in told, told
    assert "stepweave>" not in told, "who pipes is not prompted"


def test_breakpoints_stop_where_their_condition_holds(command: Command) -> None:
    condition = "$json.n > 10 ? true : false"
    status, _, told = command("continue\n", "--break", f"Total:{condition}")
    assert status == 0
    assert told.count("Stopped") == 1
    assert "Stopped before 'Total' (breakpoint, the condition holds for item 2)" in told
    status, _, told = command(None, "--break", "b:$json.n > 100")
    assert (status, "Stopped" in told) == (0, False)


def test_breakpoints_are_set_and_cleared_at_a_stop(command: Command) -> None:
    status, _, told = command("break Total\nc\nc\n", "--stepwise")
    assert (status, told.count("Stopped")) == (0, 2)
    status, _, told = command("clear Total\nc\n", "--stepwise", "--break", "Total")
    assert (status, told.count("Stopped")) == (0, 1)


def test_nodes_are_skipped_and_stops_are_listed(command: Command) -> None:
    status, _, told = command("where\nskip\nskip\n")
    assert status == 0
    assert "* 1  before 'Price' (step)" in told
    assert [sorted(answer) for answer in command.sent] == [["attempts", "skip"]] * 2


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("quit\n", 1, "The run is cancelled."),
        ("", 1, "No more commands come."),
        ("jump\n", 2, "There is no command 'jump'"),
        ("set []\nstep\n", 2, "No item is left, and a node without items does not run: skip it."),
        ("break Off\n", 2, "'Off' is disabled: it does not run."),
        ("print $json.a.b\n", 2, "The run is cancelled."),
        ("\xff\x1b[2J\n", 2, "There is no command"),
    ],
)
def test_what_ends_the_commands_ends_the_run_and_says_so(command: Command, typed: str, status: int, words: str) -> None:
    found, result, told = command(typed)
    assert (found, result["status"], command.status()) == (status, "cancelled", "cancelled")
    assert words in told
    assert "The run is cancelled." in told
    assert command.sent == [], "no node went on with what was not meant"
    assert "\x1b" not in told


def test_the_run_is_left_waiting_for_the_browser(command: Command) -> None:
    status, result, told = command("detach\n")
    assert (status, result["status"], command.status()) == (0, "running", "queued")
    assert f"/executions/{result['executionId']}" in told


def test_a_pipe_that_says_nothing_is_no_hang_where_somebody_else_goes_on(command: Command) -> None:
    command.between = lambda: command.debug.go_on("run")
    status, _, told = command(None, closes=False)
    assert status == 0
    assert "Waits for a command on stdin" in told
    assert "P was first at 'Price': it runs on." in told


def test_a_run_that_fails_ends_with_one(command: Command) -> None:
    command.ends = "failed"
    status, result, _ = command(None, "--no-stepwise")
    assert (status, result["status"]) == (1, "failed")


def test_a_production_failure_is_debugged_with_its_data(command: Command) -> None:
    client, workflow = command.debug.client, command.debug.workflow_id
    first = client.post(f"/api/workflows/{workflow}/run", json={"items": [{"json": {"n": 7}}]}).json()["executionId"]
    with psycopg.connect(command.databases.owner) as connection:
        for node in ("t", "a"):
            connection.execute(
                """INSERT INTO node_runs
                     (tenant_id, execution_id, node_id, iteration, attempt, status, started_at, output)
                   SELECT tenant_id, id, %s, '', 1, 'succeeded', now(), %s::json FROM executions WHERE id = %s
                   ON CONFLICT (execution_id, node_id, iteration) DO UPDATE SET output = excluded.output""",
                (node, json.dumps({"main": {"count": 1, "items": [{"json": {"n": 8}}]}}), first),
            )
    command.nodes = (("b", "a"),)
    status, _, _ = command("c\n", "--from", first, "--at", "Total")
    begun = command.debug.stage.world.starts.started[-1]
    assert status == 0
    assert begun["seed"]["a"]["output"]["main"]["items"] == [{"json": {"n": 8}}]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--break", "Ghost"), "There is no node 'Ghost' to stop at"),
        (("--break", "Pinned"), "'Pinned' gives its pinned data"),
        (("--break", "Total:{{ $json.n"), "The condition cannot be read"),
        (("--from", "00000000-0000-4000-8000-000000000000"), "execution"),
        (("--trigger", "Nobody"), "there is no node 'Nobody'"),
    ],
)
def test_what_cannot_begin_says_why_and_starts_nothing(
    command: Command, arguments: tuple[str, ...], words: str
) -> None:
    status, result, told = command("c\n", *arguments)
    assert (status, result) == (2, None)
    assert words in told
    assert command.debug.stage.world.starts.started == []


def test_a_file_is_saved_as_a_draft_and_stdin_is_for_commands(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "orders.json"
    file.write_text(json.dumps({**DOCUMENT, "settings": {"timeZone": "Europe/Oslo"}}))
    status, _, told = command("s\nc\n", workflow=str(file))
    assert (status, told.count("Stopped")) == (0, 2), told
    document = command.debug.client.get(f"/api/workflows/{command.debug.workflow_id}").json()["document"]
    assert document["settings"]["timeZone"] == "Europe/Oslo"
    status, _, told = command("{}", workflow="-")
    assert status == 2
    assert "that is where commands come from" in told
