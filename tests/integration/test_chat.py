"""A chat on the embedded stack: a message, words as they come, the answer, and whose conversation it is."""

import threading
import time
import uuid
from typing import Any

import httpx
import pytest

from local.client.rest import Client
from tests.fakes.models import ModelServer, Says, model_server
from tests.integration.conftest import Session
from tests.integration.test_language_model import account

pytestmark = pytest.mark.integration


def chat(path: str, credential: str) -> dict[str, Any]:
    def node(id: str, type: str, params: dict[str, Any], x: int) -> dict[str, Any]:
        return {"id": id, "type": type, "name": id, "params": params, "position": {"x": x, "y": 0}}

    asked = {"credential": credential, "model": "small", "prompt": "{{ $json.chatInput }}"}
    return {
        "schema": 1,
        "name": path,
        "nodes": [
            node("chat", "chat_trigger", {"path": path, "title": "Ask", "takesFiles": True}, 0),
            node("ask", "language_model", asked, 320),
        ],
        "edges": [{"id": "e", "source": "chat", "sourcePort": "main", "target": "ask", "targetPort": "main"}],
    }


def test_a_message_is_answered_bit_by_bit_and_sent_twice_asks_once(tenant: Session) -> None:
    seen = threading.Event()

    async def talk(client: Client, server: ModelServer) -> tuple[dict[str, Any], list[str], int, str]:
        key = await account(client, "openai", server.openai_url)
        server.says(Says(["Good ", "morning."], until=seen))
        path = f"chat-{uuid.uuid4().hex[:8]}"
        made = await client.post("/workflows", chat(path, key))
        await client.post(f"/workflows/{made['id']}/publish", {})
        [hook] = (await client.get(f"/workflows/{made['id']}"))["webhooks"]
        async with httpx.AsyncClient(base_url=hook["url"], timeout=30, trust_env=False) as visitor:
            entered = await visitor.post(f"{hook['url']}/~session", json={})
            headers = {"x-chat-session": entered.json()["token"]}
            sent: dict[str, Any] = {"messageId": (None, "the-message"), "text": (None, "Hi"), "file": ("a.txt", b"x")}
            both = [await visitor.post(f"{hook['url']}/~send", files=sent, headers=headers) for _ in range(2)]
            assert [answer.status_code for answer in both] == [202, 202]
            turn, coming = both[0].json(), []
            until = time.monotonic() + 60
            while turn["state"] == "running" and time.monotonic() < until:
                address = f"{hook['url']}/~turn/{turn['id']}"
                turn = (await visitor.get(address, params={"tag": turn["tag"]}, headers=headers)).json()
                coming.append(turn["coming"])
                if turn["coming"].startswith("Good"):
                    seen.set()
            stranger = (await visitor.post(f"{hook['url']}/~session", json={})).json()["token"]
            refused = await visitor.get(f"{hook['url']}/~turn/{turn['id']}", headers={"x-chat-session": stranger})
        execution = await client.get(f"/executions/{turn['id']}")
        return turn, coming, refused.status_code, execution["trigger"]

    with model_server() as server:
        turn, coming, refused, trigger = tenant(lambda client: talk(client, server))
        asked = len(server.bodies)
    assert (turn["state"], turn["answer"], asked) == ("answered", "Good morning.", 1)
    assert "Good " in coming
    assert (refused, trigger) == (404, "chat")
