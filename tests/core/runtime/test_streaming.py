"""Items one after another: stored while they are made, and read piece by piece."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step, claims, streaming, uploads
from stepweave.runtime.errors import DataMissing, DataTooLarge, NodeError, ResultInvalid
from stepweave.spec.fields import NodeParams
from stepweave.spec.node import Category, NodeSpec
from tests.fakes.steps import TENANT, Bench, items


class Params(NodeParams):
    """None."""


SPEC = NodeSpec(
    type="many",
    name="Many",
    category=Category.DATA,
    icon="rows",
    summary="Makes many items.",
    docs="",
    params=Params,
    streams_when={},
)


class Broken(NodeError):
    """It broke."""


def make(step: Step[Params]) -> dict[str, Iterable[Item]]:
    def rows(entry: Entry[Params]) -> Iterator[Item]:
        for number in range(entry.json["count"]):
            if number == entry.json.get("breaksAt"):
                raise Broken("It broke.")
            yield item({"number": number, "text": "ü" * entry.json.get("wide", 10)})

    return step.each_streamed(rows)


def total(step: Step[Params]) -> dict[str, Iterable[Item]]:
    numbers = [one["json"]["number"] for one in step.stream()]
    return {"main": [item({"count": len(numbers), "last": numbers[-1], "held": len(step.items())})]}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "LISTED_BYTES", 2000)
    monkeypatch.setattr("stepweave.runtime.inputs.LISTED_BYTES", 2000)
    monkeypatch.setattr(uploads, "PART_BYTES", 1000)
    monkeypatch.setattr(streaming, "PART_BYTES", 1000)


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, make)


def test_a_few_items_are_a_list_as_all_others(node: Bench) -> None:
    assert node({}, items({"count": 3}))["output"]["main"]["items"][2]["json"]["number"] == 2


@pytest.mark.usefixtures("small")
def test_many_items_are_stored_while_they_are_made_and_are_a_json_list(node: Bench) -> None:
    batch = node({}, items({"count": 100}, {"count": 50, "wide": 3000}))["output"]["main"]
    assert batch["count"] == 150
    assert batch["preview"][0]["json"]["number"] == 0
    found = node.outside.claims.fetch(batch, TENANT)
    assert [one["json"]["number"] for one in found] == [*range(100), *range(50)]
    [key] = node.outside.storage.objects
    assert json.loads(node.outside.storage.objects[key]) == found
    assert not node.outside.storage.uploads
    summing = Bench(SPEC, total, node.outside)
    inputs: dict[str, Any] = {"main": [batch, {"count": 1, "items": items({"number": 7})}]}
    [result] = summing({}, inputs)["output"]["main"]["items"]
    assert result["json"] == {"count": 151, "last": 7, "held": 2}


@pytest.mark.usefixtures("small")
def test_what_fails_on_the_way_leaves_nothing_stored(node: Bench) -> None:
    with pytest.raises(Broken) as caught:
        node({}, items({"count": 1}, {"count": 500, "breaksAt": 400}))
    assert caught.value.item == 1
    assert not node.outside.storage.objects
    assert not node.outside.storage.uploads


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("goes_on", "port"), [("continue", "main"), ("branch", "error")])
def test_an_error_item_stands_behind_what_came_before_it(node: Bench, goes_on: str, port: str) -> None:
    given = items({"count": 500, "breaksAt": 400}, {"count": 1})
    output = node({}, given, settings={"onError": goes_on})["output"]
    assert sum(batch["count"] for batch in output.values()) == 402
    found = node.outside.claims.fetch(output[port], TENANT)
    failed = [one for one in found if "error" in one["json"]]
    assert [one["json"]["error"]["type"] for one in failed] == ["Broken"]


@pytest.mark.usefixtures("small")
def test_there_is_a_limit_to_what_is_stored_and_to_what_is_held(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = node({}, items({"count": 100}))["output"]["main"]
    monkeypatch.setattr(claims, "MOST_BATCH_BYTES", 3000)
    with pytest.raises(DataTooLarge, match="are read at once"):
        node.outside.claims.fetch(batch, TENANT)
    monkeypatch.setattr(streaming, "MOST_STREAMED_BYTES", 3000)
    with pytest.raises(DataTooLarge, match="items are more than"):
        node({}, items({"count": 100}))


@pytest.mark.usefixtures("small")
def test_what_was_changed_after_it_was_stored_is_not_read_as_whole(node: Bench) -> None:
    batch = node({}, items({"count": 100}))["output"]["main"]
    [key] = node.outside.storage.objects
    node.outside.storage.objects[key] = node.outside.storage.objects[key].replace(b":99,", b":98,")
    with pytest.raises(DataMissing, match="changed"):
        Bench(SPEC, total, node.outside)({}, {"main": [batch]})


def test_what_is_no_item_is_refused(node: Bench) -> None:
    node.run = lambda _: {"main": streaming.Streamed([{"json": {"x": float("nan")}}])}
    with pytest.raises(ResultInvalid, match="NaN"):
        node({}, items({}))
    wrong: Any = {"text": "x"}
    node.run = lambda _: {"main": streaming.Streamed([wrong])}
    with pytest.raises(ResultInvalid, match="no `json`"):
        node({}, items({}))


def test_lineage_is_kept_where_items_carry_it(node: Bench) -> None:
    source: Item = {"json": {"count": 2}, "origin": {"a": ["main", 4]}}
    found = node({}, [source])["output"]["main"]["items"]
    assert [one["origin"] for one in found] == [{"a": ["main", 4]}] * 2


def test_a_list_is_read_in_pieces_of_any_size() -> None:
    objects = [{"a": "x" * size, "ü": [{"}": "]"}]} for size in (0, 1, 500, 3)]
    text = json.dumps(objects, ensure_ascii=False, indent=1).encode()
    for size in (1, 7, 64, 10_000):
        reading = streaming.Reading()
        found = [one for start in range(0, len(text), size) for one in reading.more(text[start : start + size])]
        assert found == objects
        assert not reading.left


def test_a_file_is_written_in_parts(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PART_BYTES", 10)

    def write(step: Step[Params]) -> dict[str, Iterable[Item]]:
        with step.new_file("text/plain") as file:
            for number in range(10):
                file.write(f"line {number}\n".encode())
            return {"main": [item({}, {"data": file.file("lines.txt")})]}

    node.run = write
    [made] = node({}, items({}))["output"]["main"]["items"]
    ref = made["binary"]["data"]
    content = b"".join(f"line {number}\n".encode() for number in range(10))
    assert node.outside.storage.objects[ref["bucket"], ref["key"]] == content
    assert ref["size"] == len(content)
    assert ref["fileName"] == "lines.txt"
