"""What is done to many at once stands in the audit for each of them."""

import uuid
from typing import Any

from tests.api.conftest import World
from tests.api.test_audit import audit
from tests.api.test_examples import created, orders, well


def test_each_of_many_has_an_entry_with_before_and_after(world: World) -> None:
    client = world.person()
    ids = [created(client, {**orders(), "name": name}) for name in ("A", "B")]
    folder = well(client.post("/api/folders", json={"name": "Shop"}), 201)["id"]
    tag = well(client.post("/api/tags", json={"name": "T", "color": "blue"}), 201)["id"]

    def bulk(action: str, **more: Any) -> None:
        body = {"action": action, "ids": [*ids, str(uuid.uuid4())], **more}
        found = well(client.post("/api/workflows/bulk", json=body))["items"]
        assert [one["ok"] for one in found] == [True, True, False]

    bulk("move", folderId=folder)
    bulk("tag", addTagIds=[tag])
    bulk("tag", removeTagIds=[tag])
    bulk("export")
    bulk("delete")
    for id in ids:
        entries = audit(client, subject=id)
        assert [one["action"] for one in entries][::-1] == [
            "workflow.created", "workflow.moved", "workflow.tagged", "workflow.tagged", "workflow.exported",
            "workflow.unpublished", "workflow.deleted",
        ]  # fmt: skip
        moved, marked, unmarked = entries[::-1][1:4]
        assert (moved["before"], moved["after"]) == ({"folder_id": None}, {"folder_id": folder})
        assert (marked["before"], marked["after"]) == ({"tags": []}, {"tags": [tag]})
        assert (unmarked["before"], unmarked["after"]) == ({"tags": [tag]}, {"tags": []})
    assert audit(client, action="workflow.changed_many") == []


def test_executions_that_are_ended_and_run_again_have_entries_of_their_own(world: World) -> None:
    client = world.person()
    id = created(client, orders())
    run = {"mode": "draft", "items": [{"json": {}}]}
    former = well(client.post(f"/api/workflows/{id}/run", json=run), 202)["executionId"]
    [ended] = well(client.post("/api/executions/bulk", json={"action": "cancel", "ids": [former]}))["items"]
    assert ended["ok"]
    [one] = well(client.post("/api/executions/bulk", json={"action": "runAgain", "ids": [former]}))["items"]
    [entry] = audit(client, subject=one["executionId"])
    assert (entry["action"], entry["details"]) == ("execution.started", {"again": former})
    assert [entry["action"] for entry in audit(client, subject=former)] == ["execution.cancelled"]


def test_what_came_of_none_leaves_one_entry(world: World) -> None:
    """Nothing was changed, yet somebody tried: the door says so."""
    client = world.person()
    well(client.post("/api/workflows/bulk", json={"action": "delete", "ids": [str(uuid.uuid4())]}))
    assert next(one["action"] for one in audit(client)) == "workflow.changed_many"
