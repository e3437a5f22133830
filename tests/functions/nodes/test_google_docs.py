"""The Google Docs node against Docs and a Drive that follow their discovery documents."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.apps.google.errors import OutcomeUnknown
from functions.nodes.apps.google.nodes.docs.options import LOADERS
from functions.nodes.apps.google.nodes.docs.run import run
from functions.nodes.apps.google.nodes.docs.spec import SPEC
from stepweave.runtime.http_errors import HttpClientError
from stepweave.runtime.network import ConnectionFailed
from stepweave.runtime.options import options
from tests.fakes.asks import AskBench
from tests.fakes.google.docs import Docs
from tests.fakes.google.drive import OWN, Drive
from tests.fakes.google.server import Google
from tests.fakes.steps import Bench, items
from tests.fakes.web import Web
from tests.functions.nodes.google import bench, connected, doing, google_at

ONE = items({})
CHANGE = "docs.documents.batchUpdate"


@pytest.fixture
def google(web: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    with google_at(web, monkeypatch) as made:
        yield made


@pytest.fixture
def docs(google: Google) -> Docs:
    return Docs(Drive(google))


@pytest.fixture
def node(google: Google) -> Bench:
    return bench(SPEC, run)


def document(operation: str, **more: Any) -> dict[str, Any]:
    return doing("document", operation, **more)


def having(docs: Docs, text: str, name: str = "Offer") -> str:
    return docs.drive.has(name, text.encode(), mimeType=f"{OWN}document")


def test_a_document_is_made_of_a_text_once(docs: Docs, node: Bench) -> None:
    folder = "https://drive.google.com/drive/folders/f9"
    given = document("create", documentCreateTitle="Grüße", documentCreateText="# Ä", documentCreateFolder=folder)
    given["documentCreateTextIs"] = "text/markdown"
    docs.drive.google.lost["upload"] = 2
    with pytest.raises(ConnectionFailed):
        node(given, ONE)
    [made] = node.json(given, ONE, attempt=2)
    [file] = docs.drive.files.values()
    assert (made["title"], made["documentId"], file.told["parents"]) == ("Grüße", "f0", ["f9"])
    assert (file.told["mimeType"], file.content.decode()) == (f"{OWN}document", "# Ä")
    assert made["url"] == "https://docs.google.com/document/d/f0/edit"


def test_a_documents_text_is_read_with_tables_and_tabs(docs: Docs, node: Bench) -> None:
    id = having(docs, "Dear Ada,\n|Item|Price|\n|Tea|5|\nBye")
    [found] = node.json(document("get", document=f"https://docs.google.com/document/d/{id}/edit#heading=h.1"), ONE)
    assert found["text"] == "Dear Ada,\nItem\tPrice\nTea\t5\nBye\nIn a tab below"
    assert (found["title"], found["documentId"]) == ("Offer", id)


def test_text_is_added_at_the_end_or_the_start_and_not_twice(docs: Docs, node: Bench) -> None:
    id = having(docs, "b")
    node(document("append", document=id, documentAppendText="c"), ONE)
    node(document("append", document=id, documentAppendText="a", documentAppendPlace="start"), ONE)
    assert docs.text(id) == "abc"
    docs.drive.google.lost[CHANGE] = 1
    with pytest.raises(OutcomeUnknown, match="may have been added"):
        node(document("append", document=id, documentAppendText="d"), ONE)
    assert docs.text(id) == "abcd"


def test_what_is_put_in_is_not_replaced_again(docs: Docs, node: Bench) -> None:
    id = having(docs, "[a] and [b] and [a]")
    rows = [{"name": "[a]", "value": "[b]"}, {"name": "[b]", "value": "{{ $json.n }}"}, {"name": "[c]", "value": "x"}]
    [made] = node.json(document("replace", document=id, replace=rows), items({"n": 7}))
    assert (docs.text(id), made["replaced"]) == ("[b] and 7 and [b]", {"[a]": 2, "[b]": 1, "[c]": 0})


def test_a_template_is_copied_and_filled_in(docs: Docs, node: Bench) -> None:
    template = having(docs, "Dear [customer]", "Template")
    given = document("fill", documentFillTemplate=template, documentFillTitle="Offer {{ $json.id }}")
    given["replace"] = [{"name": "[customer]", "value": "{{ $json.name }}"}]
    found = node.json(given, items({"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}))
    assert [docs.text(one["documentId"]) for one in found] == ["Dear Ada", "Dear Bob"]
    assert (found[0]["title"], found[0]["replaced"]) == ("Offer 1", {"[customer]": 1})
    assert docs.text(template) == "Dear [customer]"


def test_a_file_of_word_is_no_document(docs: Docs, node: Bench) -> None:
    id = docs.drive.has("Offer.docx", b"PK")
    with pytest.raises(HttpClientError, match=r"Document: Get: .*not supported for this document"):
        node(document("get", document=id), ONE)


def test_documents_are_there_to_choose_from(docs: Docs) -> None:
    having(docs, "x")
    docs.drive.has("Not one")
    ask = AskBench(SPEC, {"options": options(LOADERS)})
    connected(ask.outside)
    found = ask("options", {"credential": "c"}, loader="documents", search="", page="")
    assert found["options"] == [{"value": "f0", "label": "Offer"}]
