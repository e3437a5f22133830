"""What is typed at a stop of `stepweave debug`: understood, or refused with what to type; and how it is read."""

import asyncio
import os
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from local.cli.commands import Wrong, breakpoint_of, edited, parsed, plain, read_lines
from local.cli.main import app
from local.client import live
from local.client.rest import ApiError

FILE = {"file": {"ref": "x"}}
CAME_IN: dict[str, Any] = {"main": [{"json": {"n": 1}}, {"json": {"n": 2}, "binary": FILE}], "second": []}
NAMES = {"a": "Price", "b": "Price: net", "c": "c:d"}


def put(text: str, edits: Any = None) -> Any:
    return edited(text, CAME_IN, edits or {})


def test_commands_have_short_names_and_comments_are_none() -> None:
    for line in ("step", "s", "N", " next "):
        found = parsed(line)
        assert found is not None
        assert (found.name, found.rest) == ("step", "")
    assert [parsed(line) for line in ("", "  ", "# step")] == [None] * 3
    found = parsed("print  $json.a  ")
    assert found is not None
    assert (found.name, found.rest) == ("print", "$json.a")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("jump", "There is no command 'jump'; `help` says which there are."),
        ("step 3", "`step` takes nothing behind it."),
        ("c Total", "`continue` takes nothing behind it."),
    ],
)
def test_what_is_no_command_is_refused(line: str, words: str) -> None:
    with pytest.raises(Wrong, match=re.escape(words)):
        parsed(line)


def test_items_are_put_in_whole_one_by_one_and_by_port_and_keep_their_files(tmp_path: Path) -> None:
    assert put('{"n": 5}') == {"main": [{"json": {"n": 5}}]}
    assert put('[{"n": 5}, {"n": 6}]')["main"][1] == {"json": {"n": 6}, "binary": FILE}
    assert put('2 {"n": 7}') == {"main": [{"json": {"n": 1}}, {"json": {"n": 7}, "binary": FILE}]}
    first = put('1 {"n": 8}')
    assert put('2 {"n": 9}', first)["main"] == [{"json": {"n": 8}}, {"json": {"n": 9}, "binary": FILE}]
    assert put('second {"m": 1}', first) == {**first, "second": [{"json": {"m": 1}}]}
    assert put("[]") == {"main": []}
    file = tmp_path / "items.json"
    file.write_text('[{"n": 1}]', encoding="utf-8")
    assert put(f"@{file}") == {"main": [{"json": {"n": 1}}]}
    file.write_bytes(b"\xff")
    with pytest.raises(Wrong, match="is not UTF-8 text"):
        put(f"@{file}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "`set` needs items"),
        ("[1]", "These are no items: give a JSON object, or a list of objects."),
        ("[", "These are no items, for this is not JSON: Expecting value at column 2."),
        ('{"n": NaN}', "NaN is no JSON value"),
        ("[" * 100_000, "These are no items: the JSON is too deep."),
        ("3 {}", "There is no item 3: main has 2."),
        ("0 {}", "There is no item 0: main has 2."),
        ("1 [{}, {}]", "`set 1` puts in one item: give one JSON object."),
        ("@nowhere.json", "nowhere.json cannot be read: No such file or directory."),
    ],
)
def test_what_are_no_items_is_refused(text: str, words: str) -> None:
    with pytest.raises(Wrong, match=re.escape(words)):
        put(text)


def test_a_breakpoint_names_its_node_though_names_and_conditions_have_colons() -> None:
    assert breakpoint_of("Price", NAMES) == {"nodeId": "a", "condition": ""}
    assert breakpoint_of("Price:$json.n ? 1 : 2", NAMES) == {"nodeId": "a", "condition": "$json.n ? 1 : 2"}
    assert breakpoint_of("Price: net: $json.n", NAMES) == {"nodeId": "b", "condition": "$json.n"}
    assert breakpoint_of("c:d", NAMES)["nodeId"] == breakpoint_of("c", NAMES)["nodeId"] == "c"
    with pytest.raises(Wrong, match="There is no node 'Ghost' to stop at; the workflow has Price, Price: net, c:d"):
        breakpoint_of("Ghost:true", NAMES)


def test_what_would_steer_a_terminal_is_written_out() -> None:
    assert plain("a\x1b[2J\n\tä\x9b\u202e") == "a\\u001b[2J\n\tä\\u009b\\u202e"


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (b"", [None]),
        (b"step\nquit", ["step", "quit", None]),
        (b"step\r\n\n", ["step\r", "", None]),
        (b"\xff\n", ["\ufffd", None]),
        (b"set " + b"x" * 200_000 + b"\n", ["set " + "x" * 200_000, None]),
    ],
)
def test_a_pipe_is_read_to_its_end(written: bytes, lines: list[str | None]) -> None:
    async def read(fd: int) -> list[str | None]:
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        read_lines(fd, queue.put_nowait)
        return [await queue.get() for _ in lines]

    source, sink = os.pipe()

    async def both() -> list[str | None]:
        def write() -> None:
            with os.fdopen(sink, "wb") as file:
                file.write(written)

        found, _ = await asyncio.gather(read(source), asyncio.to_thread(write))
        return found

    assert asyncio.run(both()) == lines
    os.close(source)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("x", "--at", "Total"), "--at needs --from"),
        (("x", "--from", "y", "--input", "{}"), "leave --input and --trigger out"),
        (("-",), "that is where commands come from"),
        (("x", "--input", "{"), "--input is not JSON"),
        (("x", "--api-key", "swk_schlüssel"), "The API key has a character that no key has."),
        (("x", "--url", "http://127.0.0.1:9"), "Start it with `make up`"),
        (("x", "--url", "http://a\x01b"), "The address has a character that no address has."),
    ],
)
def test_what_cannot_begin_says_why_and_ends_with_two(arguments: tuple[str, ...], words: str) -> None:
    result = CliRunner().invoke(app, ["debug", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert words in result.stderr


class Asked:
    """A client with an API key: answers in turn."""

    has_key = True

    def __init__(self, *answers: Any) -> None:
        self.answers, self.after = list(answers), list[int]()

    async def get(self, path: str, *, after: int) -> Any:
        assert path == "/executions/x/events"
        self.after.append(after)
        answer = self.answers.pop(0)
        if isinstance(answer, ApiError):
            raise answer
        return {"items": answer}


def test_a_key_follows_an_execution_by_asking_for_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "ASK_SECONDS", 0)
    first, last = {"seq": 1, "type": "execution.started"}, {"seq": 2, "type": "execution.failed"}

    async def follow(client: Any) -> list[Any]:
        return [event async for event in live.events(client, "x")]

    client = Asked(ApiError(404, {}), [], [first], ApiError(429, {}), [last])
    assert asyncio.run(follow(client)) == [first, last]
    assert client.after == [0, 0, 0, 1, 1]
    with pytest.raises(ApiError):
        asyncio.run(follow(Asked(ApiError(403, {}))))
