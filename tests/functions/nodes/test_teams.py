"""The Teams node against a server that answers as Microsoft Graph documents (learn.microsoft.com/graph)."""

from typing import Any

import pytest

from functions.nodes.apps.microsoft.nodes.teams.options import LOADERS
from functions.nodes.apps.microsoft.nodes.teams.run import run
from functions.nodes.apps.microsoft.nodes.teams.spec import SPEC
from stepweave.runtime.errors import NodeError
from stepweave.runtime.http import operations
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited
from stepweave.runtime.options import options
from tests.fakes import steps
from tests.fakes.asks import AskBench
from tests.fakes.microsoft import BASE_URL, TOKEN, Graph, Refused
from tests.fakes.steps import Bench, items
from tests.fakes.web import Web

ONE = items({})
CHANNEL = {"team": "t1", "channel": "19:a/b@thread.tacv2"}


class Teams:
    """A team with a channel, chats, and a plan."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.messages = [{"id": f"m{number}"} for number in range(7)]
        self.tasks = {"k1": {"id": "k1", "@odata.etag": 'W/"1"', "percentComplete": 0}}
        for name in ("joinedTeams", "channels", "chats", "planner", "me"):
            graph.handlers[name] = self.answer

    def answer(self, method: str, parts: list[str], query: dict[str, str], body: Any, headers: dict[str, str]) -> Any:
        """Answer a request."""
        match method, parts:
            case "GET", ["me"]:
                return {"id": "u0"}
            case "GET", ["me", "joinedTeams"]:
                return {"value": [{"id": "t1", "displayName": "Sales"}]}
            case "GET", ["teams", _, "channels"]:
                return {"value": [{"id": "19:a", "displayName": "General", "membershipType": "standard"}]}
            case "GET", ["me", "chats"]:
                members = [{"displayName": "Ada"}, {"displayName": None}, {"displayName": "Bob"}]
                return {"value": [{"id": "19:c", "topic": None, "chatType": "oneOnOne", "members": members}]}
            case "GET", [*_, "messages"]:
                if int(query.get("$top", 0)) > 50:
                    raise Refused(400, "BadRequest", "The limit of '50' for Top query has been exceeded.")
                return self.graph.listed(self.messages, query, "/".join(parts))
            case "POST", _:
                return {"id": "made", **body}
            case "GET", ["planner", "tasks", id]:
                return self.tasks[id]
            case "PATCH", ["planner", "tasks", id]:
                if headers.get("if-match") != self.tasks[id]["@odata.etag"]:
                    raise Refused(412, "", "The If-Match header contains an invalid value.")
                return {**self.tasks[id], **body}
            case "GET", ["me", "planner", "plans"]:
                return {"value": [{"id": "p1", "title": "Launch"}]}
        raise Refused(404, "NotFound", "NotFound")


@pytest.fixture
def graph(web: Web, monkeypatch: pytest.MonkeyPatch) -> Graph:
    monkeypatch.setitem(operations.BASE_URLS, BASE_URL, web.url("/v1.0"))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    made = Graph(web, "/v1.0")
    Teams(made)
    return made


@pytest.fixture
def node(graph: Graph) -> Bench:
    made = Bench(SPEC, run)
    made.outside.credentials["c", "microsoft_oauth2"] = {"accessToken": TOKEN}
    return made


def params(resource: str, operation: str, **more: Any) -> dict[str, Any]:
    return {"credential": "c", "resource": resource, "operation": operation, **more}


def test_a_message_is_written_into_a_channel_and_answered(graph: Graph, node: Bench) -> None:
    node(params("message", "send", text="{{ $json.t }}", messageSendSubject="S", **CHANNEL), items({"t": "a < b"}))
    node(params("message", "reply", text="<b>x</b>", textType="html", messageReplyMessage="1616", **CHANNEL), ONE)
    (_, first, said), (_, second, answered) = graph.asked
    assert first == "/teams/t1/channels/19:a/b@thread.tacv2/messages"
    assert said == {"body": {"contentType": "text", "content": "a < b"}, "subject": "S"}
    assert second.endswith("/messages/1616/replies")
    assert answered == {"body": {"contentType": "html", "content": "<b>x</b>"}}


def test_an_id_is_one_part_of_the_path(graph: Graph, node: Bench, web: Web) -> None:
    node(params("message", "send", text="x", **CHANNEL), ONE)
    assert web.asked[0].path == "/v1.0/teams/t1/channels/19%3Aa%2Fb%40thread.tacv2/messages"


def test_a_message_that_may_have_been_written_is_not_written_again(graph: Graph, node: Bench) -> None:
    graph.refuses = [Refused(502, "BadGateway", "Failed to execute backend request.")]
    with pytest.raises(NodeError, match="may have been sent") as unknown:
        node(params("chat", "send", text="x", chat="19:c"), ONE)
    assert type(unknown.value).__name__ == "OutcomeUnknown"
    graph.refuses = [Refused(429, "TooManyRequests", "Too many", retry_after="3")]
    with pytest.raises(HttpRateLimited) as limited:
        node(params("chat", "send", text="x", chat="19:c"), ONE)
    assert limited.value.retry_after == 3


def test_messages_come_through_all_pages_fifty_at_most(graph: Graph, node: Bench) -> None:
    graph.page = 3
    assert len(node.json(params("message", "list", returnAll=True, **CHANNEL), ONE)) == 7
    assert len(node.json(params("chat", "read", limit=4, chat="19:c"), ONE)) == 4


def test_a_chat_with_a_person_is_opened_and_who_asks_is_known_once(graph: Graph, node: Bench) -> None:
    node(params("chat", "open", chatOpenPerson="{{ $json.who }}"), items({"who": "o'neil@x.y"}, {"who": "ada@x.y"}))
    assert [path for _, path, _ in graph.asked] == ["/me", "/chats", "/chats"]
    binds = [one["user@odata.bind"] for one in graph.asked[1][2]["members"]]
    assert binds == [f"{BASE_URL}/users('u0')", f"{BASE_URL}/users('o''neil@x.y')"]


def test_tasks_are_made_and_changed_by_their_state(graph: Graph, node: Bench) -> None:
    given = params("task", "create", plan="p1", taskCreateTitle="Call", taskCreatePeople="u1, u2")
    [made] = node.json(given, ONE)
    assert list(made["assignments"]) == ["u1", "u2"]
    assert "bucketId" not in made
    [task] = node.json(params("task", "update", taskUpdateTask="k1", taskUpdatePercent=0, taskUpdateTitle="T"), ONE)
    assert (task["percentComplete"], task["title"]) == (0, "T")


def test_a_channel_is_made_and_a_refusal_is_said_in_graphs_words(graph: Graph, node: Bench) -> None:
    [made] = node.json(params("channel", "create", team="t1", channelCreateName="Orders"), ONE)
    assert made == {"id": "made", "displayName": "Orders", "membershipType": "standard"}
    graph.refuses = [Refused(403, "Forbidden", "Missing scope permissions on the request.")]
    with pytest.raises(HttpClientError, match=r"Team: List: .*Forbidden: Missing scope") as refused:
        node(params("team", "list"), ONE)
    assert "permission" in refused.value.remedy


def test_teams_channels_and_chats_are_offered(graph: Graph) -> None:
    form = AskBench(SPEC, {"options": options(LOADERS)})
    form.outside.credentials["c", "microsoft_oauth2"] = {"accessToken": TOKEN}

    def labels(loader: str) -> list[str]:
        found = form("options", params("message", "send", **CHANNEL), loader=loader)
        return [one["label"] for one in found["options"]]

    assert [labels(loader) for loader in ("teams", "channels", "chats", "plans")] == [
        ["Sales"],
        ["General"],
        ["Ada, Bob"],
        ["Launch"],
    ]
