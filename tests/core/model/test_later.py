"""Models that are made when they are first wanted: the same class, and the same model as one made at once."""

import importlib
import runpy
import threading
from types import ModuleType
from typing import Annotated, Any

import pytest
from pydantic import ConfigDict, Field, PydanticUserError, ValidationError

from functions.nodes.catalogue import packages
from stepweave.model.base import Document
from stepweave.model.later import Later
from tests.core.model import late_models


@pytest.fixture
def late() -> ModuleType:
    """The models, none of them made."""
    return importlib.reload(late_models)


def _is_made(model: Any) -> bool:
    return type(model) is Later


def test_it_becomes_a_model_in_place_when_it_is_asked(late: ModuleType) -> None:
    assert issubclass(late.Row, late.Base)
    assert [late.Row.__doc__, late.Row.__name__, hash(late.Row)] == ["A row.", "Row", hash(late.Row)]
    assert not _is_made(late.Row)  # none of this makes a model
    assert list(late.More.model_fields) == ["shared", "row_list", "kind"]
    assert [_is_made(one) for one in (late.More, late.Rows, late.Row)] == [True, True, False]

    given = {"more": {"rowList": [{"name": "a"}, {"name": "b"}], "kind": "x", "shared": 1}}
    made = late.Outer.model_validate(given).more
    assert [type(made), type(made.row_list[0])] == [late.More, late.Row]
    assert (made.words(), made.kind, made.shared, made._seen) == ("a b", "x", 1, 5)
    assert made == made.model_copy()
    assert hash(late.Row(name="a")) == hash(late.Row(name="a"))
    with pytest.raises(ValidationError, match="a digit"):
        late.More(kind="123")
    with pytest.raises(AttributeError):
        _ = late.Rows.kind  # a field is nothing of the class


def test_an_instance_is_the_first_thing_that_is_asked_for(late: ModuleType) -> None:
    assert late.More(row_list=[late.Row(name="a")]).to_json() == {"rowList": [{"name": "a"}]}
    assert [_is_made(one) for one in (late.More, late.Row)] == [True, True]


def test_it_is_the_same_model_as_one_made_at_once(late: ModuleType) -> None:
    class Base(Document):
        model_config = ConfigDict(json_schema_extra={"additionalProperties": False})

    class Row(Base):
        """A row."""

        name: str = Field(..., min_length=1)

    class Rows(Base, late.Plain):  # type: ignore[name-defined,misc]  # the module is loaded anew
        """Rows."""

        row_list: list[Row] = Field(default_factory=list, title="Rows")
        kind: Annotated[str, Field(max_length=3)] = "abc"

    assert late.Rows.model_json_schema() == Rows.model_json_schema()
    assert late.Rows().model_dump() == Rows().model_dump()


def test_classes_in_functions_and_with_keywords_are_made_at_once(late: ModuleType) -> None:
    class Local(late.Base):  # type: ignore[name-defined,misc]  # the module is loaded anew
        name: str = ""

    assert _is_made(Local)
    assert _is_made(Later("Open", (late.Base,), {"__module__": __name__, "__qualname__": "Open"}, extra="allow"))


def test_threads_that_want_it_at_once_get_it_whole(late: ModuleType) -> None:
    names = [f"f{number}" for number in range(100)]
    body = {"__module__": __name__, "__qualname__": "Wide", "__annotations__": dict.fromkeys(names, int)}
    wide: Any = Later("Wide", (late.Base,), {**body, **dict.fromkeys(names, 1)})
    assert not _is_made(wide)
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(len(wide().model_dump()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [100] * 8


def test_a_wrong_definition_is_told_each_time(late: ModuleType) -> None:
    for _ in range(2):
        with pytest.raises(PydanticUserError, match="thing"):
            late.Wrong()


def test_importing_a_node_makes_no_model() -> None:
    file = importlib.import_module(f"{packages()['merge', 1]}.spec").__file__
    assert not _is_made(runpy.run_path(str(file))["SPEC"].params)
