"""Items that are too many to be read at once, as the API shows them."""

import json
import uuid
from typing import Any

import pytest

from api.services import items
from tests.fakes.steps import MemoryStorage

TENANT = uuid.UUID("0b0e4f6c-58a5-4a6e-9a37-2f1df3a5a001")


def test_the_first_of_very_many_items_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "MOST_BATCH_BYTES", 1000)
    monkeypatch.setattr(items, "_SHOWN_BYTES", 500)
    many = [{"json": {"n": n}} for n in range(1000)]
    storage: Any = MemoryStorage()
    key = f"{TENANT}/run/many.json"
    content = json.dumps(many).encode()
    storage.put("data", key, content)
    batch = {"count": 1000, "ref": {"bucket": "data", "key": key, "size": len(content), "sha256": ""}}
    found = items.resolved(batch, TENANT, lambda: storage)
    assert 10 < len(found) < 40
    assert found == many[: len(found)]
