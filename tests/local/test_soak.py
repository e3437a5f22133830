"""The graphs of `make soak ONLY=ends`: each follows from its number, and most of them compile."""

from local.cli.catalogue import load_catalogue
from local.soak.graphs import children, graph
from stepweave.compiler import Compiled, CompileOptions, compile_workflow

CALLED = {name: f"id-of-{name}" for name in children()}


def test_a_graph_follows_from_its_number() -> None:
    assert graph(7, CALLED, "http://demo") == graph(7, CALLED, "http://demo")
    assert graph(7, CALLED, "http://demo") != graph(8, CALLED, "http://demo")


def test_the_graphs_and_what_they_call_compile() -> None:
    catalogue, options = load_catalogue(), CompileOptions("p")
    results = [compile_workflow(graph(number, CALLED, "http://demo"), catalogue, options) for number in range(60)]
    refused = [
        (number, result.diagnostics) for number, result in enumerate(results) if not isinstance(result, Compiled)
    ]
    assert refused == []
    for document in children().values():
        assert isinstance(compile_workflow(document, catalogue, options), Compiled)
