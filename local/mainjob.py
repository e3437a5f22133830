"""The main job: post the sample orders to the published webhook, watch every step live, check all that comes of it."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Final

import httpx
import psycopg
from rich.console import Console
from rich.markup import escape

from local.client.live import END_TYPES, connection, events, next_execution, subscribe
from local.client.rest import Client
from local.seed.seed import HERE
from local.settings import LocalSettings
from local.stack.database import demo_url
from stepweave.model.events import Event

LIVE_SECONDS: Final = 60
MARKS: Final = {
    "succeeded": "[green]✓[/]",
    "failed": "[red]✗[/]",
    "started": "[blue]▸[/]",
    "retrying": "[yellow]↻[/]",
    "waiting": "[cyan]…[/]",
}


@dataclass(frozen=True)
class Outcome:
    """What the job gave."""

    execution_id: str
    answer: Any
    rows: int
    mail_subject: str | None
    mail_to: list[str]
    events: list[Event]


async def run(client: Client, settings: LocalSettings, workflow: dict[str, Any], console: Console) -> bool:
    """Run the job, print it, and return whether everything is as the sample must give."""
    sample = json.loads((HERE / "orders.json").read_text(encoding="utf-8"))
    expected = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
    console.print(
        f"\n[bold]{workflow['name']}[/]: {len(sample['orders'])} orders to {workflow['webhooks'][0]['url']}\n"
    )
    outcome = await _carry_out(client, settings, workflow, sample, console)
    console.print(f"\n  answer        {escape(json.dumps(outcome.answer))}")
    console.print(f"  rows inserted {outcome.rows}")
    console.print(f"  mail          {escape(str(outcome.mail_subject))} -> {', '.join(outcome.mail_to)}")
    console.print(f"  run view      {settings.url}/executions/{outcome.execution_id}")
    differences = compare(outcome, expected)
    for difference in differences:
        console.print(f"  [red]✗[/] {escape(difference)}")
    console.print("  [green]✓ everything is as the sample must give[/]\n" if not differences else "")
    return not differences


def compare(outcome: Outcome, expected: dict[str, Any]) -> list[str]:
    """Return a sentence for every way in which `outcome` differs from `expected`."""
    got = {
        "answer": outcome.answer,
        "rows": outcome.rows,
        "mailSubject": outcome.mail_subject,
        "mailTo": outcome.mail_to,
    }
    differences = [
        f"{name} should be {json.dumps(value)} and is {json.dumps(got[name])}"
        for name, value in expected.items()
        if got[name] != value
    ]
    numbers = [event["seq"] for event in outcome.events]
    if numbers != list(range(1, len(numbers) + 1)):
        differences.append(f"the live events are numbered {numbers}, not from 1 without gaps")
    if not outcome.events or outcome.events[-1]["type"] != "execution.succeeded":
        differences.append("the live events do not end with execution.succeeded")
    return differences


async def _carry_out(
    client: Client, settings: LocalSettings, workflow: dict[str, Any], sample: Any, console: Console
) -> Outcome:
    names = {node["id"]: node["name"] for node in workflow["document"]["nodes"]}
    mails_before = {mail["id"] for mail in await _mails(settings)}
    channel = f"workflow:{workflow['id']}"
    async with asyncio.timeout(LIVE_SECONDS), connection(client) as socket:
        await subscribe(socket, channel)
        posting = asyncio.create_task(
            client.raw("POST", httpx.URL(workflow["webhooks"][0]["url"]).raw_path.decode(), json=sample)
        )
        execution_id = await _first(next_execution(socket, channel), posting)
        seen: list[Event] = []
        async for event in events(client, execution_id):
            seen.append(event)
            _show(event, names, console)
        response = await posting
    rows = await asyncio.to_thread(_count_rows, settings, execution_id)
    mail = next((mail for mail in await _mails(settings) if mail["id"] not in mails_before), None)
    return Outcome(
        execution_id,
        _body(response),
        rows,
        mail["subject"] if mail else None,
        mail["to"] if mail else [],
        seen,
    )


async def _first(execution: Any, posting: "asyncio.Task[httpx.Response]") -> str:
    """Return the started execution's id; a webhook that answers with an error before that raises it."""
    waiting = asyncio.create_task(execution)
    await asyncio.wait((waiting, posting), return_when=asyncio.FIRST_COMPLETED)
    if posting.done() and not waiting.done() and posting.result().is_error:
        waiting.cancel()
        raise RuntimeError(f"the webhook answered {posting.result().status_code}: {posting.result().text[:500]}")
    started: str = await waiting
    return started


def _body(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return {"status": response.status_code, "text": response.text[:500]}


def _show(event: Event, names: dict[str, str], console: Console) -> None:
    kind, _, what = event["type"].partition(".")
    at = event["at"][11:23]
    if kind == "execution":
        if event["type"] in END_TYPES or what == "started":
            error = f": {event['error']['type']}: {event['error']['message']}" if "error" in event else ""
            console.print(f"  {at}  {MARKS.get(what, ' ')} execution {what}{escape(error)}")
        return
    name = names.get(event.get("nodeId", ""), "?")
    if what == "log":
        console.print(f"  {at}    {name}: [dim]{escape(event.get('message', ''))}[/]")
    elif what in MARKS:
        ports = ", ".join(f"{port} {batch['count']}" for port, batch in event.get("output", {}).items())
        took = f"{event['durationMs']:.0f} ms" if "durationMs" in event else ""
        error = f"{event['error']['type']}: {event['error']['message']}" if "error" in event else ""
        console.print(f"  {at}  {MARKS[what]} {name:<24} {took:>8}  {ports}{escape(error)}")


def _count_rows(settings: LocalSettings, execution_id: str) -> int:
    with psycopg.connect(demo_url(settings)) as database:
        row = database.execute("SELECT count(*) FROM orders WHERE run_id = %s", (execution_id,)).fetchone()
    return int(row[0]) if row else 0


async def _mails(settings: LocalSettings) -> list[dict[str, Any]]:
    async with httpx.AsyncClient(trust_env=False) as http:
        mails: list[dict[str, Any]] = (await http.get(f"{settings.mail_url}/api/messages")).json()
    return mails
