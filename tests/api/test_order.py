"""Keys come back in the order in which they were written, from wherever documents and items are kept."""

import json
from typing import Any

from tests.api.conftest import World
from tests.api.test_routes import made, recorded, workflow
from tests.fixtures.servers import Databases

ORDERED: dict[str, Any] = {"zeta": 1, "a": {"ö": 1, "10": 2, "9": 3}, "m": [{"y": 1, "x": 2}]}
TEXT = json.dumps(ORDERED)


def test_documents_keep_the_order_of_their_keys(world: World) -> None:
    client, document = world.person(), workflow()
    document["nodes"][0]["params"] = {"items": [ORDERED]}
    id = made(client, document)["id"]
    assert (
        json.dumps(client.get(f"/api/workflows/{id}").json()["document"]["nodes"][0]["params"]["items"]) == f"[{TEXT}]"
    )
    assert client.post(f"/api/workflows/{id}/publish").status_code == 200
    version = client.get(f"/api/workflows/{id}/versions/1").json()["document"]
    assert json.dumps(version["nodes"][0]["params"]["items"]) == f"[{TEXT}]"
    execution = client.post(f"/api/workflows/{id}/run", json={}).json()["executionId"]
    assert json.dumps(world.starts.started[-1]["items"]) == f'[{{"json": {TEXT}}}]'
    ran = client.get(f"/api/executions/{execution}").json()["document"]
    assert json.dumps(ran["nodes"][0]["params"]["items"]) == f"[{TEXT}]"


def test_items_keep_the_order_of_their_keys(world: World, databases: Databases) -> None:
    client = world.person()
    id = recorded(client, databases, made(client)["id"], main={"count": 1, "items": [{"json": ORDERED}]})
    assert json.dumps(client.get(f"/api/executions/{id}/items?nodeId=a").json()["items"]) == f'[{{"json": {TEXT}}}]'
    [run] = client.get(f"/api/executions/{id}").json()["nodeRuns"]
    assert json.dumps(run["output"]["main"]["items"]) == f'[{{"json": {TEXT}}}]'
    events = client.get(f"/api/executions/{id}/events").json()["items"]
    [output] = [event["output"] for event in events if "output" in event]
    assert json.dumps(output["main"]["items"]) == f'[{{"json": {TEXT}}}]'
