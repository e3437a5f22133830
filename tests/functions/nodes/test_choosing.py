"""What a mistake in the choices of a node's fields gets: the file, and what to write."""

from dataclasses import replace
from typing import Any

import pytest

from functions.nodes.checking import choosing
from functions.nodes.databases.database.spec import SPEC as DATABASE
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import NodeSpec
from stepweave.spec.operation_forms import app_node
from stepweave.spec.operations import App, Cursor, Operation, OptionsRequest, RequestSpec
from stepweave.spec.options import OptionsFrom, fields_with_options, told_with
from stepweave.spec.options_checks import options_problems
from stepweave.spec.parts import Text
from stepweave.spec.schemas import inline_refs

LISTS = OptionsRequest(
    name="lists", request=RequestSpec("GET", "/lists/{owner}", query=(("q", "{search}"),)), value="id", label="title"
)
GOOD = OptionsFrom("lists", needs=("credential", "owner"), searches=True)


def node(options: OptionsFrom = GOOD, loader: OptionsRequest = LISTS, kind: Kind = Kind.TEXT) -> NodeSpec:
    class Params(NodeParams):
        """A list."""

        owner: Text = ui(..., title="Owner", kind=Kind.TEXT)
        list: Text = ui(..., title="List", kind=kind, options_from=options)

    class Shared(Params):
        """The same, for the operation."""

    operation = Operation(
        resource="list",
        name="get",
        label="Get",
        summary="Reads a list.",
        params=Shared,
        request=RequestSpec("GET", "/lists/{owner}/{list}"),
        output_example=({"id": 1},),
    )
    app = App(base_url="https://api.example.com", credential="http_header", operations=(operation,), options=(loader,))
    return app_node(app, docs="", type="shop", name="Shop", icon="box", summary="A shop.")


def said(spec: NodeSpec, loaders: Any = ()) -> list[str]:
    return [f"{problem.file}: {problem.words}" for problem in options_problems(spec, loaders)]


def test_good_choices_are_let_be() -> None:
    assert said(node()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"loader": "list"}, "list: it names the loader list, which is not there: write one of lists."),
        ({"needs": ("credential", "ower")}, "list: it needs ower, which is no field of the node: write one of"),
        ({"needs": ("credential", "owner", "list")}, "list: it needs itself"),
        ({"needs": ("owner",)}, "list: it does not need the credential: write its field to needs."),
        ({"needs": ("credential",)}, "the loader lists: it sends owner, which list does not need"),
        ({"searches": False}, "the loader lists: it searches, and the field does not say so (list)"),
    ],
)
def test_a_mistake_in_a_field_is_named(changes: dict[str, Any], words: str) -> None:
    found = said(node(replace(GOOD, **changes)))
    assert any(f"spec.py: {words}" in text for text in found), found


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "books"}, "No field names the loader books: name it, or delete it."),
        ({"value": "a..b"}, "the loader lists: value cannot be read"),
        ({"label": "["}, "the loader lists: label cannot be read"),
        ({"paging": Cursor(at="a..b")}, "the loader lists: paging.at cannot be read"),
        ({"request": RequestSpec("GET", "lists/{owner}")}, "the path is 'lists/{owner}': write a path with /"),
        ({"request": RequestSpec("FETCH", "/lists/{owner}")}, "the method is 'FETCH'"),
        ({"request": RequestSpec("GET", "/lists/{owner}")}, "it does not search, though the field says so (list)"),
        (
            {"request": RequestSpec("POST", "/lists", body={"q": "{search}", "of": ["{book}"]})},
            "it sends book, which list does not need",
        ),
    ],
)
def test_a_mistake_in_a_loader_is_named(changes: dict[str, Any], words: str) -> None:
    found = said(node(loader=replace(LISTS, **changes)))
    assert any(words in text for text in found), found


def test_only_texts_have_choices_from_a_loader() -> None:
    assert "spec.py: list: it is of kind select: only a text has choices from a loader." in said(node(kind=Kind.SELECT))


class Row(NodeParams):
    """A row without choices."""

    name: str = ui(..., title="Name", kind=Kind.TEXT)


class Mapped(NodeParams):
    """A mapping of nothing."""

    rows: list[Row] = ui(None, title="Rows", kind=Kind.MAPPING, default_factory=list)


def test_a_mapping_has_choices_of_names() -> None:
    words = "spec.py: rows: a mapping has rows of name and value, and name has options_from: write them."
    assert words in said(replace(DATABASE, params=Mapped, credentials=()))


PACKAGE = "functions.nodes.databases.database"
FILES = {"options.py": "", "handler.py": 'lambda_node(SPEC, run, {"options": options(LOADERS)})'}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (FILES, ""),
        ({}, "spec.py: table: it names the loader tables, which is not there: write one of none."),
        (
            {**FILES, "handler.py": "lambda_node(SPEC, run)"},
            "handler.py: Its options.py is not asked: give lambda_node",
        ),
    ],
)
def test_a_nodes_own_loaders_are_in_its_options_file(files: dict[str, str], words: str) -> None:
    found = [f"{problem.file}: {problem.words}" for problem in choosing(DATABASE, PACKAGE, files)]
    assert any(words in text for text in found) if words else found == []


def test_a_loader_of_a_function_that_nobody_names_is_found() -> None:
    loaders = ("tables", "columns", "writable", "schemas")
    assert said(DATABASE, loaders) == ["options.py: No field names the loader schemas: name it, or delete it."]


def test_fields_in_rows_are_found_and_what_shows_them_goes_along() -> None:
    schema = inline_refs(DATABASE.params.model_json_schema(by_alias=True))
    found = {field.path: field.options for field in fields_with_options(schema)}
    assert set(found) >= {"table", "columns.name", "match.name"}
    assert found["match.name"] == OptionsFrom("columns", needs=("credential", "table"))
    assert told_with(schema, ("credential", "table")) == ["credential", "table", "operation"]


def test_the_form_of_a_field_is_read_as_it_was_written() -> None:
    options = OptionsFrom("lists", needs=("credential",), searches=True, labelled=True, separator=",")
    assert OptionsFrom.from_json(options.to_json()) == options
    assert OptionsFrom("lists").to_json() == {"loader": "lists", "needs": []}
