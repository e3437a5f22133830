"""Seeds the demo tenant through the public API: its user, its credentials and the published `Order triage` workflow."""

import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from local.client.rest import ApiError, Client
from local.seed import people
from local.settings import DEMO_EMAIL, DEMO_PASSWORD, HOST, LocalSettings, has_local_model
from local.stack.database import demo_url

HERE: Final = Path(__file__).resolve().parent
WORKFLOW: Final = "Order triage"
UNAUTHORIZED: Final = 401
LOCAL_MODEL: Final = "Local model"


async def seed(client: Client, settings: LocalSettings) -> dict[str, Any]:
    """Make what is missing, publish what has changed, and return the `Order triage` workflow as the API shows it."""
    await log_in(client, settings)
    credentials = await make_credentials(client, settings)
    await make_local_model(client, settings)
    document = order_triage(settings, credentials)
    workflow = await find_workflow(client, WORKFLOW)
    if workflow is None:
        workflow = await client.post("/workflows", document)
    elif workflow["document"] != document:
        # A person may have changed it: theirs stays, and a fresh one is only made by `make reset`.
        return workflow
    if workflow.get("publishedVersion") is None:
        await client.post(f"/workflows/{workflow['id']}/publish")
    return await _whole(client, workflow["id"])


async def log_in(client: Client, settings: LocalSettings | None = None) -> None:
    """Log the demo user in, making them where they are not known yet: nobody reads mail for them."""
    try:
        await client.login(DEMO_EMAIL, DEMO_PASSWORD)
    except ApiError as error:
        if error.status != UNAUTHORIZED:
            raise
        people.add(settings or LocalSettings.from_environment(), DEMO_EMAIL, DEMO_PASSWORD, "Demo", "Demo")
        await client.login(DEMO_EMAIL, DEMO_PASSWORD)


async def find_workflow(client: Client, name: str) -> dict[str, Any] | None:
    """Return the workflow called `name`, whole, or None."""
    page = await client.get("/workflows", search=name, limit=100)
    found = next((summary for summary in page["items"] if summary["name"] == name), None)
    return await _whole(client, found["id"]) if found else None


async def _whole(client: Client, workflow_id: str) -> dict[str, Any]:
    whole: dict[str, Any] = await client.get(f"/workflows/{workflow_id}")
    return whole


async def make_credentials(client: Client, settings: LocalSettings) -> dict[str, str]:
    """Make the demo's credentials where they are missing. Returns name -> id."""
    database = urlsplit(demo_url(settings))
    wanted = {
        "Demo database": (
            "postgres",
            {
                "host": database.hostname,
                "port": database.port or 5432,
                "database": database.path[1:],
                "user": database.username,
                "password": settings.secrets.demo_password,
                "sslMode": "disable" if database.hostname == HOST else "prefer",
            },
        ),
        "Demo mail": (
            "smtp",
            {
                "host": HOST,
                "port": settings.smtp_port,
                "security": "none",
                "from": "Stepweave <workflows@stepweave.dev>",
            },
        ),
    }
    known = {entry["name"]: entry["id"] for entry in (await client.get("/credentials"))["items"]}
    for name, (kind, data) in wanted.items():
        if name not in known:
            made = await client.post("/credentials", {"name": name, "type": kind, "data": data})
            known[name] = made["id"]
    return known


async def make_local_model(client: Client, settings: LocalSettings) -> None:
    """Make the credential of the model on this machine where it is missing, so that AI nodes work without a key."""
    known = {entry["name"] for entry in (await client.get("/credentials"))["items"]}
    if has_local_model() and LOCAL_MODEL not in known:
        data = {"apiKey": "", "baseUrl": f"{settings.demo_url}/model/v1", "tools": "schema"}
        await client.post("/credentials", {"name": LOCAL_MODEL, "type": "openai", "data": data})


def order_triage(settings: LocalSettings, credentials: dict[str, str]) -> dict[str, Any]:
    """Return the workflow's document with this machine's addresses and credential ids in it."""
    text = (HERE / "order_triage.json").read_text(encoding="utf-8")
    text = text.replace("{demo}", settings.demo_url)
    for name, credential_id in credentials.items():
        text = text.replace(f"credential:{name}", credential_id)
    document: dict[str, Any] = json.loads(text)
    return document
