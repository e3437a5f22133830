"""GitHub's operations on pull requests, releases, files and Actions: what is sent, and what comes of it."""

import base64
import json
from typing import Any

import pytest

from functions.nodes.apps.github.operations import file_save
from stepweave.runtime.errors import DataTooLarge
from tests.fakes.steps import TENANT, Bench, items
from tests.fakes.stored import stored
from tests.fakes.web import Exchange, Web
from tests.functions.nodes.test_github import gives, node, params

__all__ = ["node"]

ONE = items({})
REPO = "/repos/octocat/hello-world"

SENT: list[tuple[str, str, dict[str, Any], str, str, Any]] = [
    (
        "issue",
        "edit",
        {"number": 7, "issueEditState": "closed", "issueEditReason": "completed"},
        "PATCH",
        f"{REPO}/issues/7",
        {"state": "closed", "state_reason": "completed"},
    ),
    (
        "issue",
        "lock",
        {"number": 7, "issueLockReason": "spam"},
        "PUT",
        f"{REPO}/issues/7/lock",
        {"lock_reason": "spam"},
    ),
    ("issue", "unlock", {"number": 7}, "DELETE", f"{REPO}/issues/7/lock", None),
    (
        "issue",
        "add_labels",
        {"number": 7, "issueAddLabelsLabels": ["bug"]},
        "POST",
        f"{REPO}/issues/7/labels",
        {"labels": ["bug"]},
    ),
    (
        "issue",
        "remove_label",
        {"number": 7, "issueRemoveLabelLabel": "a/b"},
        "DELETE",
        f"{REPO}/issues/7/labels/a%2Fb",
        None,
    ),
    (
        "comment",
        "edit",
        {"commentEditComment": 1, "commentEditBody": "Hi"},
        "PATCH",
        f"{REPO}/issues/comments/1",
        {"body": "Hi"},
    ),
    (
        "pull_request",
        "create",
        {"pullRequestCreateTitle": "Mend", "pullRequestCreateHead": "mend"},
        "POST",
        f"{REPO}/pulls",
        {"title": "Mend", "head": "mend", "base": "main", "draft": False},
    ),
    (
        "pull_request",
        "merge",
        {"number": 8, "pullRequestMergeMethod": "squash"},
        "PUT",
        f"{REPO}/pulls/8/merge",
        {"merge_method": "squash"},
    ),
    (
        "review",
        "create",
        {"number": 8, "reviewCreateEvent": "APPROVE"},
        "POST",
        f"{REPO}/pulls/8/reviews",
        {"event": "APPROVE"},
    ),
    (
        "release",
        "create",
        {"releaseCreateTag": "v1", "releaseCreateNotes": True},
        "POST",
        f"{REPO}/releases",
        {"tag_name": "v1", "draft": False, "prerelease": False, "generate_release_notes": True},
    ),
    ("release", "get_latest", {}, "GET", f"{REPO}/releases/latest", None),
    ("release", "delete", {"releaseDeleteRelease": 1}, "DELETE", f"{REPO}/releases/1", None),
    ("repository", "get", {}, "GET", REPO, None),
    (
        "workflow",
        "dispatch",
        {"workflowDispatchWorkflow": "ci.yml", "workflowDispatchInputs": {"n": "7"}},
        "POST",
        f"{REPO}/actions/workflows/ci.yml/dispatches",
        {"ref": "main", "inputs": {"n": "7"}},
    ),
]


@pytest.mark.parametrize(("resource", "name", "given", "method", "path", "body"), SENT)
def test_what_is_sent(
    web: Web, node: Bench, resource: str, name: str, given: dict[str, Any], method: str, path: str, body: Any
) -> None:
    web.otherwise = gives({"ok": 1}) if name not in ("unlock", "lock", "delete", "dispatch") else gone
    answered = node.json(params(resource, name, **given), ONE)
    [asked] = web.asked
    assert (asked.method, asked.path) == (method, path)
    assert (json.loads(asked.body) if asked.body else None) == body
    assert len(answered) == 1


def gone(exchange: Exchange) -> None:
    exchange.answer(204)


@pytest.mark.parametrize(
    ("resource", "name", "given", "path", "answer"),
    [
        (
            "workflow",
            "runs",
            {"workflowRunsWorkflow": "ci.yml"},
            f"{REPO}/actions/workflows/ci.yml/runs",
            "workflow_runs",
        ),
        ("workflow", "list", {}, f"{REPO}/actions/workflows", "workflows"),
        ("pull_request", "list", {}, f"{REPO}/pulls", ""),
        ("review", "list", {"number": 8}, f"{REPO}/pulls/8/reviews", ""),
        ("comment", "list", {"number": 8}, f"{REPO}/issues/8/comments", ""),
        ("commit", "list", {}, f"{REPO}/commits", ""),
        ("release", "list", {}, f"{REPO}/releases", ""),
        ("file", "list", {"fileListPath": "docs/a b"}, f"{REPO}/contents/docs/a%20b", ""),
    ],
)
def test_lists(web: Web, node: Bench, resource: str, name: str, given: dict[str, Any], path: str, answer: str) -> None:
    found = [{"id": 1}, {"id": 2}]
    web.routes[path] = gives({"total_count": 2, answer: found} if answer else found)
    assert node.json(params(resource, name, **given), ONE) == found


def test_a_file_is_fetched_whole(web: Web, node: Bench) -> None:
    web.routes[f"{REPO}/contents/docs/notes.md"] = lambda exchange: exchange.answer(
        200, b"# Hi\n", content_type="application/vnd.github.raw+json; charset=utf-8"
    )
    output = node(params("file", "get", fileGetPath="docs/notes.md"), ONE)["output"]
    [made] = node.outside.claims.fetch(output["main"], TENANT)
    assert made["json"] == {"path": "docs/notes.md", "name": "notes.md", "size": 5}
    assert made["binary"]["data"]["fileName"] == "notes.md"
    assert web.asked[0].headers["accept"] == "application/vnd.github.raw+json"


def test_a_file_is_deleted_by_what_it_is_and_one_that_is_gone_is_fine(web: Web, node: Bench) -> None:
    given = params("file", "delete", fileDeletePath="a.md", fileDeleteMessage="Go")
    web.routes[f"{REPO}/contents/a.md"] = gives({"sha": "3d21", "type": "file", "commit": {"sha": "7"}})
    assert node.json(given, ONE)[0]["commit"] == {"sha": "7"}
    assert json.loads(web.asked[-1].body) == {"message": "Go", "sha": "3d21"}
    web.routes[f"{REPO}/contents/a.md"] = gives({"message": "Not Found"}, 404)
    assert node.json(given, ONE) == [{"content": None, "commit": None}]


def test_an_items_file_is_saved(web: Web, node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    web.routes[f"{REPO}/contents/a.png"] = lambda exchange: (
        gives({"message": "Not Found"}, 404) if exchange.asked.method == "GET" else gives({"commit": {"sha": "7"}})
    )(exchange)
    item = {"json": {}, "binary": {"data": stored(node.outside, b"\x89PNG", "a.png", "image/png")}}
    given = params("file", "save", fileSavePath="a.png", fileSaveMessage="New", fileSaveFile="data")
    node.json(given, [item])  # type: ignore[list-item]
    assert base64.b64decode(json.loads(web.asked[-1].body)["content"]) == b"\x89PNG"
    monkeypatch.setattr(file_save, "_MOST_BYTES", 3)
    with pytest.raises(DataTooLarge):
        node(given, [item])  # type: ignore[list-item]
