"""The Discord node against an API on loopback, and what breaks such nodes elsewhere (repository#issue)."""

import json
from typing import Any

import pytest

from functions.nodes.apps.discord.content import parts_of
from functions.nodes.apps.discord.run import run
from functions.nodes.apps.discord.spec import APP, SPEC
from stepweave.runtime.errors import DataTooLarge, NodeError, ParameterInvalid
from stepweave.runtime.http import operations
from stepweave.runtime.http.options import app_options
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited
from tests.fakes import steps
from tests.fakes.asks import AskBench
from tests.fakes.discord import BOT, HOOK, Discord, Refused
from tests.fakes.steps import Bench, items
from tests.fakes.stored import stored
from tests.fakes.web import Web

ONE = items({})
CHANNEL = "41771983423143937"


@pytest.fixture
def discord(web: Web, monkeypatch: pytest.MonkeyPatch) -> Discord:
    monkeypatch.setitem(operations.BASE_URLS, APP.base_url, web.url("/api"))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    monkeypatch.setattr(steps, "rate_of", lambda type, data: None)
    return Discord(web)


@pytest.fixture
def node(discord: Discord) -> Bench:
    made = Bench(SPEC, run)
    made.outside.credentials["bot", "discord_bot"] = {"token": BOT}
    made.outside.credentials["hook", "discord_webhook"] = {"url": HOOK}
    return made


def params(resource: str, operation: str, **more: Any) -> dict[str, Any]:
    credential = "hook" if resource == "webhook" else "bot"
    return {"credential": credential, "resource": resource, "operation": operation, **more}


def hooked(text: str, **more: Any) -> dict[str, Any]:
    return params("webhook", "send", text=text, **more)


def says(text: str, **more: Any) -> dict[str, Any]:
    return params("message", "send", channel=CHANNEL, text=text, **more)


def test_a_webhook_posts_and_tells_nobody_unasked(discord: Discord, node: Bench) -> None:
    given = hooked("@everyone {{ $json.n }}", webhookSendUsername="CI", silent=True, previews=False)
    assert node.json(given, items({"n": 7}))[0]["content"] == "@everyone 7"
    [(method, _, query, body)] = discord.calls
    assert (method, query) == ("POST", {"wait": "true"})
    assert body == {"content": "@everyone 7", "allowed_mentions": {"parse": []}, "flags": 4100, "username": "CI"}
    node.json(hooked("<@1>", mentions="users"), ONE)
    assert discord.calls[-1][3]["allowed_mentions"] == {"parse": ["users"]}


def test_a_webhooks_address_is_in_no_error(discord: Discord, node: Bench) -> None:
    discord.refuses = [Refused(404, {"message": "Unknown Webhook", "code": 10015})]
    with pytest.raises(HttpClientError, match="Unknown Webhook") as refused:
        node(hooked("x"), ONE)
    told = json.dumps(refused.value.to_json())
    assert "3d89bb75" not in told
    assert "was deleted" in told


def test_a_bots_message_that_is_sent_again_is_not_made_again(discord: Discord, node: Bench) -> None:
    for _ in range(2):
        assert node.json(says("Once", messageSendReplyTo="7"), ONE)[0]["id"] == "1"
    assert len(discord.messages) == 1
    body = discord.calls[0][3]
    assert (len(body["nonce"]), body["enforce_nonce"]) == (25, True)
    assert body["message_reference"] == {"message_id": "7"}
    node.json(says("Other"), items({}, {}))
    assert len(discord.messages) == 2, "the first item is the one that was sent, the second another"


def test_a_long_text_is_several_messages_and_code_stays_code(discord: Discord, node: Bench) -> None:
    text = "Log:\n```py\n" + "\n".join(f"line {n} " + "x" * 40 for n in range(100)) + "\n```\nend"
    node.json(hooked(text, embeds={"title": "Build"}), ONE)
    bodies = [call[3] for call in discord.calls]
    assert len(bodies) == 3
    assert all(len(one["content"]) <= 2000 and one["content"].count("```") % 2 == 0 for one in bodies)
    assert bodies[1]["content"].startswith("```py\nline ")
    assert ["embeds" in one for one in bodies] == [False, False, True]


@pytest.mark.parametrize("text", ["x" * 4500, "😀 " * 2500, "a\n\n" * 1500, "```\n" * 900])
def test_every_part_fits(text: str) -> None:
    parts = parts_of(text, splits=True)
    assert all(0 < len(part) <= 2000 for part in parts)
    if "`" not in text:
        assert "".join("".join(parts).split()) == "".join(text.split())


def test_what_is_too_much_is_refused_here(discord: Discord, node: Bench) -> None:
    # discord/discord-api-docs#2575 (6000 in all embeds), #367 (10 embeds), Rheosoph/flow-like#472
    with pytest.raises(DataTooLarge, match="2001 characters; Discord takes 2000"):
        node(hooked("x" * 2001, long="refuse"), ONE)
    with pytest.raises(DataTooLarge, match="60"):
        node(hooked("x" * 60_000), ONE)
    embeds = [{"title": "t" * 100, "fields": [{"name": "n", "value": "v" * 999}]}] * 6
    with pytest.raises(DataTooLarge, match="6600 characters"):
        node(hooked("x", embeds=embeds), ONE)
    with pytest.raises(ParameterInvalid, match="11 embeds"):
        node(hooked("x", embeds=[{"title": "t"}] * 11), ONE)
    with pytest.raises(ParameterInvalid, match="The message is empty"):
        node(hooked(" "), ONE)
    assert discord.calls == []


def test_files_go_with_the_message(discord: Discord, node: Bench) -> None:
    refs = {name: stored(node.outside, name.encode(), f"{name}.txt") for name in ("one", "two")}
    node.json(hooked("Logs", files="one, two"), [{"json": {}, "binary": refs}])
    assert discord.files == [("files[0]", b"one"), ("files[1]", b"two")]
    assert discord.calls[0][3]["content"] == "Logs"
    node.json(hooked("", files="{{ [$binary.one] }}"), [{"json": {}, "binary": refs}])
    assert len(discord.files) == 3
    with pytest.raises(ParameterInvalid, match="no file “three”") as refused:
        node(hooked("x", files="three"), [{"json": {}, "binary": refs}])
    assert refused.value.details["field"] == "params.files"


def test_short_waits_are_waited_for(discord: Discord, node: Bench) -> None:  # n8n-io/n8n#5866, #28375
    discord.limited = [0.01, 0.02]
    assert len(node.json(hooked("x"), items(*({} for _ in range(3))))) == 3
    assert len(discord.calls) == 5
    discord.limited = [64.57]
    with pytest.raises(HttpRateLimited, match="It counts for this place") as limited:
        node(hooked("x"), ONE)
    assert limited.value.retry_after == 64.57


def test_what_discord_finds_wrong_is_said_with_its_place(discord: Discord, node: Bench) -> None:
    errors = {"embeds": {"0": {"title": {"_errors": [{"code": "X", "message": "Must be 256 or fewer in length."}]}}}}
    discord.refuses = [Refused(400, {"message": "Invalid Form Body", "code": 50035, "errors": errors})]
    with pytest.raises(HttpClientError, match=r"embeds\[0\]\.title: Must be 256") as refused:
        node(hooked("x", embeds={"title": "t" * 300}), ONE)
    assert refused.value.details["code"] == "50035"


@pytest.mark.parametrize(
    ("body", "status", "remedy"),
    [
        ({"message": "Missing Permissions", "code": 50013}, 403, "permission for this"),
        ({"message": "Missing Access", "code": 50001}, 403, "View Channel"),
        ({"message": "Unknown Channel", "code": 10003}, 404, "channel's id"),
    ],
)
def test_refusals_say_what_to_do(discord: Discord, node: Bench, body: dict[str, Any], status: int, remedy: str) -> None:
    discord.refuses = [Refused(status, body)]
    with pytest.raises(NodeError, match=body["message"]) as refused:
        node(says("x"), ONE)
    assert remedy in refused.value.remedy
    assert BOT not in json.dumps(refused.value.to_json())


def test_a_credential_of_the_other_kind_is_said(discord: Discord, node: Bench) -> None:
    with pytest.raises(HttpClientError, match="401: Unauthorized") as refused:
        node({**says("x"), "credential": "hook"}, ONE)
    assert "a webhook's is for the resource Webhook alone" in refused.value.remedy
    with pytest.raises(ParameterInvalid, match="does not go there"):
        node({**hooked("x"), "credential": "bot"}, ONE)


def test_messages_are_changed_by_bot_and_webhook(discord: Discord, node: Bench) -> None:
    node.json(params("message", "edit", channel=CHANNEL, message="1", text="Now"), ONE)
    assert discord.calls[-1][:2] == ("PATCH", f"/channels/{CHANNEL}/messages/1")
    assert discord.calls[-1][3]["content"] == "Now"
    node.json(params("webhook", "edit", webhookEditMessage="1", text="Now"), ONE)
    assert discord.calls[-1][1].endswith("/messages/1")
    assert node.json(params("message", "delete", channel=CHANNEL, message="1"), ONE) == [{}]


def test_lists_go_from_page_to_page(discord: Discord, node: Bench) -> None:
    found = node.json(params("message", "list", channel=CHANNEL, messageListMost=230), ONE)
    assert [found[0]["id"], found[-1]["id"], len(found)] == ["250", "21", 230]
    assert [call[2].get("before", "") for call in discord.calls] == ["", "151", "51"]
    members = node.json(params("member", "list", server="197038439483310086", memberListMost=5000), ONE)
    assert len(members) == 1500


def test_reactions_roles_threads_and_talks(discord: Discord, node: Bench) -> None:
    given = params("reaction", "add", channel=CHANNEL, message="1", reactionAddEmoji="👍")
    assert node.json(given, ONE) == [{}]
    assert discord.calls[-1][1] == f"/channels/{CHANNEL}/messages/1/reactions/👍/@me"
    role = params(
        "member", "add_role", server="197038439483310086", user="80351110224678912", memberAddRoleRole="41771983423"
    )
    assert node.json(role, ONE) == [{}]
    thread = params("thread", "create", channel=CHANNEL, threadCreateName="Build 7")
    assert node.json(thread, ONE)[0]["name"] == "Build 7"
    assert discord.calls[-1][3] == {"name": "Build 7", "type": 11}
    node.json(params("message", "send_direct", text="Hi", messageSendDirectUser="80351110224678912"), ONE)
    assert [call[1] for call in discord.calls[-2:]] == ["/users/@me/channels", "/channels/319674150115610528/messages"]


def test_servers_and_their_channels_are_choices(discord: Discord) -> None:
    bench = AskBench(SPEC, {"options": lambda asked: app_options(APP, asked)})
    bench.outside.credentials["bot", "discord_bot"] = {"token": BOT}
    given = {"credential": "bot", "resource": "message", "operation": "send"}
    assert bench("options", given, loader="servers", search="", page="")["options"] == [
        {"value": "197038439483310086", "label": "Builders"}
    ]
    given["server"] = "197038439483310086"
    assert bench("options", given, loader="channels", search="", page="")["options"][0]["label"] == "builds"
