"""The switch by an expression, and which of its ports are in use."""

from typing import Any

import pytest

from functions.nodes.flow.switch.errors import OutputUnknown
from functions.nodes.flow.switch.run import run
from functions.nodes.flow.switch.spec import SPEC
from functions.nodes.flow.wait.spec import SPEC as WAIT
from stepweave.spec.catalogue import CatalogueEntry
from stepweave.spec.ports import output_ports, ports_in_use
from tests.fakes.steps import Bench, items

BY_COUNTRY = {
    "mode": "expression",
    "output": "{{ $json.to }}",
    "outputs": [{"output": "de"}, {"output": "1"}, {"output": "__proto__"}],
}


def way(value: Any, **more: Any) -> list[str]:
    """Return the ports that an item takes whose output is `value`."""
    output = Bench(SPEC, run)({**BY_COUNTRY, **more}, items({"to": value}))["output"]
    return list(output)


@pytest.mark.parametrize(
    ("value", "port"),
    [
        ("de", "de"),
        (" de\n", "de"),
        (0, "de"),
        (0.0, "de"),
        (-0.0, "de"),
        ("0", "de"),
        (1, "1"),
        ("1", "1"),  # a name comes before a place
        (2, "__proto__"),
        ("2", "__proto__"),
        ("__proto__", "__proto__"),
    ],
)
def test_an_expression_gives_an_outputs_name_or_its_place(value: Any, port: str) -> None:
    assert way(value) == [port]


@pytest.mark.parametrize(
    "value",
    [
        *(
            None,
            "",
            "DE",
            "fallback",
            "constructor",
            "de\0",
            "\ud800",
            "3",
            "-1",
            "01",
            "0x1",
            "1.0",
            "\u0662",
            "x" * 100_000,
        ),
        *(3, -1, 0.5, 1e300, 2**64, True, False, [], ["de"], {"output": "de"}),
    ],
)
def test_what_is_no_output_fails_or_goes_where_the_node_says(value: Any) -> None:
    with pytest.raises(OutputUnknown, match=r"is no output of this node, for the item at 0\.") as caught:
        way(value)
    assert caught.value.item == 0
    assert caught.value.details["field"] == "params.output"
    assert len(caught.value.message) < 200
    assert way(value, otherwise="extra") == ["fallback"]
    assert way(value, otherwise="none") == []


def test_an_error_of_one_item_names_it_and_the_others_go_their_ways() -> None:
    settings = {"onError": "branch"}
    output = Bench(SPEC, run)(BY_COUNTRY, items({"to": "de"}, {"to": "at"}, {"to": 1}), settings=settings)["output"]
    [failed] = output["error"]["items"]
    assert failed["json"]["error"]["message"] == '"at" is no output of this node, for the item at 1.'
    assert [len(output[port]["items"]) for port in ("de", "1")] == [1, 1]


def used(params: dict[str, Any]) -> list[str]:
    names = [port.name for port in ports_in_use(SPEC, params)]
    assert names == [port.name for port in CatalogueEntry.of(SPEC).ports_in_use(params)]
    return names


def test_ports_in_use_are_those_of_the_list_that_counts_and_the_others_are_still_known() -> None:
    rules = [{"output": "gold"}, {"output": "silver"}]
    both = {"rules": rules, **BY_COUNTRY}
    assert used(both) == ["de", "1", "__proto__"]
    assert [port.name for port in output_ports(SPEC, both)] == ["de", "1", "__proto__", "gold", "silver", "fallback"]
    assert used({**both, "otherwise": "extra"})[-1] == "fallback"
    assert used({**both, "mode": "rules"}) == ["gold", "silver", "fallback"]
    assert used({"rules": rules}) == ["gold", "silver", "fallback"]
    assert used({"rules": rules, "fallback": "none"}) == ["gold", "silver"]
    assert used({"rules": [*rules, {"output": "fallback"}], "fallback": "none"}) == ["gold", "silver", "fallback"]


def test_a_wait_has_a_port_for_being_late_only_where_somebody_may_be() -> None:
    assert [port.name for port in ports_in_use(WAIT, {})] == ["main"]
    assert [port.name for port in ports_in_use(WAIT, {"mode": "callback"})] == ["main", "timeout"]
