"""One node run both ways: as JSONata, as two engines bind its data, and by its function's behaviour."""

from typing import Any

from functions.nodes.data.set_fields.run import run as run_set_fields
from functions.nodes.data.set_fields.spec import SPEC as SET_FIELDS
from functions.nodes.flow.filter.run import run as run_filter
from functions.nodes.flow.filter.spec import SPEC as FILTER
from functions.nodes.flow.if_.run import run as run_if
from functions.nodes.flow.if_.spec import SPEC as IF
from functions.nodes.flow.limit.run import run as run_limit
from functions.nodes.flow.limit.spec import SPEC as LIMIT
from functions.nodes.flow.merge.run import run as run_merge
from functions.nodes.flow.merge.spec import SPEC as MERGE
from functions.nodes.flow.no_op.run import run as run_no_op
from functions.nodes.flow.no_op.spec import SPEC as NO_OP
from functions.nodes.flow.stop_and_error.run import run as run_stop
from functions.nodes.flow.stop_and_error.spec import SPEC as STOP
from functions.nodes.flow.switch.run import run as run_switch
from functions.nodes.flow.switch.spec import SPEC as SWITCH
from stepweave.compiler.lowerings import LOWERINGS
from stepweave.compiler.native import lowering
from stepweave.compiler.native.items import Inputs, Source
from stepweave.compiler.native.lowering import LONGEST, Native, Program
from stepweave.model.items import Batch, Item
from stepweave.model.workflow import Node
from stepweave.runtime.errors import NodeError
from stepweave.spec.catalogue import CatalogueEntry
from stepweave.spec.node import NodeSpec
from tests.asl.machine import _names, _nulls, _parsed, _plain
from tests.fakes.steps import TENANT, Bench, context

NODES: dict[str, tuple[NodeSpec, Any]] = {
    spec.type: (spec, run)
    for spec, run in (
        (SET_FIELDS, run_set_fields),
        (IF, run_if),
        (NO_OP, run_no_op),
        (FILTER, run_filter),
        (SWITCH, run_switch),
        (LIMIT, run_limit),
        (MERGE, run_merge),
        (STOP, run_stop),
    )
}
ENTRIES = {type: CatalogueEntry.of(spec) for type, (spec, _) in NODES.items()}
ROOM = 100_000
Batches = dict[str, list[Batch | None]]
"""Input port -> what comes along its edges; None where an edge is dead."""


def inline(*items: Item) -> Batch:
    return {"count": len(items), "items": list(items)}


def node(type: str, params: dict[str, Any], **settings: Any) -> Node:
    return Node.model_validate({"id": "n", "type": type, "name": "N", "params": params, "settings": settings})


def lowered(
    type: str, params: dict[str, Any], batches: Batches, room: int = ROOM, source_room: int = ROOM
) -> Native | None:
    """Return the node as JSONata that reads `$n_0_main.output.main` and so on."""
    ports = {
        port: [Source(f"$n_{number}_{port}.output.main", source_room) for number in range(len(found))]
        for port, found in batches.items()
    }
    program = program_of(node(type, params))
    native = program(Inputs(ports, room)) if program else None
    return native if native and len(native.guard) + len(native.result) <= LONGEST else None


def program_of(of: Node) -> Program | None:
    """Return how a node is lowered; None where it is not."""
    return lowering.program_of(of, ENTRIES[of.type], LOWERINGS)


def evaluate(source: str, batches: Batches, *, nulls: bool) -> Any:
    """Evaluate an expression; with `nulls`, nulls are the library's own, without they are Python's None within."""
    bound: dict[str, Any] = {"context": context()} | {
        f"n_{number}_{port}": None if batch is None else {"output": {"main": batch}}
        for port, found in batches.items()
        for number, batch in enumerate(found)
    }
    assert set(_names(source)) <= set(bound)
    expression = _parsed(source)
    frame = expression.create_frame()
    for name, value in bound.items():
        frame.bind(name, _nulls(value) if nulls or value is None else value)
    found = expression.evaluate(None, frame)
    assert "value" in found, f"{source} gives nothing"
    return _plain(found["value"])


def holds(native: Native, batches: Batches) -> bool:
    """Whether the guard holds. It has to be a boolean, whatever there is."""
    if not native.guard:
        return True
    results = [evaluate(native.guard, batches, nulls=nulls) for nulls in (True, False)]
    assert isinstance(results[0], bool), (native.guard, results)
    assert results[0] is results[1]
    return bool(results[0])


def natively(native: Native, batches: Batches, bench: Bench) -> Any:
    """Return the items by port of the node's result."""
    results = [evaluate(native.result, batches, nulls=nulls) for nulls in (True, False)]
    assert results[0] == results[1]
    assert results[0].keys() == {"output", "native"}
    assert results[0]["native"] is True
    return plain(results[0]["output"], bench)


def by_function(type: str, params: dict[str, Any], batches: Batches, bench: Bench, **more: Any) -> Any:
    """Return the items by port that the node's behaviour gives, or the error it raises."""
    there = {port: [batch for batch in found if batch is not None] for port, found in batches.items()}
    try:
        return plain(bench(params, there, **more)["output"], bench)
    except NodeError as error:
        return error


def plain(output: dict[str, Batch], bench: Bench) -> dict[str, list[Any]]:
    found = {}
    for port, batch in output.items():
        items = bench.outside.claims.fetch(batch, TENANT)
        assert batch["count"] == len(items) > 0
        # An item with no files is one without `binary`.
        found[port] = [{key: value for key, value in one.items() if key != "binary" or value} for one in items]
    return found


def bench_of(type: str) -> Bench:
    return Bench(*NODES[type])


def same(left: Any, right: Any) -> bool:
    """Compare as JSON does: true is not 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def agree(type: str, params: dict[str, Any], batches: Batches, bench: Bench | None = None) -> bool:
    """Check that the node's result is its function's where the guard holds; return whether it does."""
    native = lowered(type, params, batches)
    if native is None:
        return False
    assert not native.fails
    bench = bench or bench_of(type)
    if not holds(native, batches):
        return False
    found, wanted = natively(native, batches, bench), by_function(type, params, batches, bench)
    assert same(found, wanted), (native, found, wanted)
    return True
