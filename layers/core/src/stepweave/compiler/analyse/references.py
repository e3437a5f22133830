"""Whose output each node's expressions read, and which of these references cannot work."""

import difflib
from collections.abc import Iterator
from typing import Any, Final

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.edges import NodeKinds
from stepweave.compiler.forms import form_of, is_shown
from stepweave.compiler.masks import bits
from stepweave.expressions import References, references_in_code
from stepweave.expressions import references as references_of
from stepweave.model.diagnostics import Diagnostic
from stepweave.model.workflow import Node, Workflow
from stepweave.spec.catalogue import CatalogueEntry

MOST_REFERENCES: Final = 290
"""As many references to stored results, at about 700 bytes, as fit a payload (`optimise.limits.STATE_BYTES`)."""
Refs = list[dict[str, int | None]]
"""Per node, name -> number of the node it may read; None for one that never runs."""


def resolve(workflow: Workflow, graph: Graph, kinds: NodeKinds) -> tuple[Refs, list[Diagnostic]]:
    """Return what each node of the graph reads, and an error for every name that it cannot.

    Args:
        workflow: the document.
        graph: its graph.
        kinds: per node of the document, its kind.
    """
    by_name = {node.name: node for node in workflow.nodes}
    refs: Refs = []
    found: list[Diagnostic] = []
    for number, node in enumerate(graph.nodes):
        if (graph.fired | graph.pinned) >> number & 1:
            refs.append({})
            continue
        wanted = read_by(node, graph.entries[number])
        names = {name: graph.index.get(by_name[name].id) for name in sorted(wanted.names) if name in by_name}
        found += _unknown(node, wanted, by_name)
        late = {name for name, source in names.items() if not _is_before(source, number, graph)}
        if late and not graph.fired:
            late -= _cut_off(workflow, node, late, by_name, kinds)
            found += _not_before(node, late)
        if wanted.dynamic:
            found += _unbounded(node, number, graph)
            names |= {graph.nodes[other].name: other for other in bits(_known(number, graph)) if other != number}
        # What a disabled node cuts off does not run before this one, nor does what a fired one cuts off.
        refs.append({name: source if _is_before(source, number, graph) else None for name, source in names.items()})
    return refs, found


def read_by(node: Node, entry: CatalogueEntry) -> References:
    """Return the references in a node's shown parameters, code fields included."""
    schema = entry.params_schema
    evaluated: dict[str, Any] = {}
    found = References()
    for name, value in node.params.items():
        if not is_shown(name, node.params, schema):
            continue
        form = form_of(name, schema)
        if form.get("expression", True):
            evaluated[name] = value
        elif form.get("kind") == "code" and isinstance(value, str):
            found |= _read_by_code(value, form.get("language"))
    return found | references_of(evaluated)


def _read_by_code(source: str, language: Any) -> References:
    if language == "python":
        from stepweave.expressions.python.reading import references_in_python

        return references_in_python(source)
    return references_in_code(source) if language == "javascript" else References()


def _is_before(source: int | None, number: int, graph: Graph) -> bool:
    return source is None or bool(_known(number, graph) >> source & 1)


def _known(number: int, graph: Graph) -> int:
    """Return the nodes whose output is known when a node runs: where some are given, all of those and the triggers."""
    given = graph.fired | graph.triggers if graph.fired else 0
    return graph.ancestors[number] | given


def _unbounded(node: Node, number: int, graph: Graph) -> Iterator[Diagnostic]:
    count = graph.ancestors[number].bit_count()
    if count > MOST_REFERENCES:
        yield Diagnostic(
            code="unbounded_reference",
            message=f"{node.name!r} reads a node that is only known at run time, and {count} nodes come before it.",
            remedy=f"Name the node it reads; a step carries the results of at most {MOST_REFERENCES}.",
            node_id=node.id,
            field="params",
        )


def _unknown(node: Node, wanted: References, by_name: dict[str, Node]) -> Iterator[Diagnostic]:
    for name in sorted(name for name in wanted.names if name not in by_name):
        near = difflib.get_close_matches(name, by_name, 1)
        yield Diagnostic(
            code="unknown_reference",
            message=f"{node.name!r} refers to {name!r}, which is not in the workflow.",
            remedy=f"Did you mean {near[0]!r}?" if near else "Name a node that is there.",
            node_id=node.id,
            field="params",
        )


def _cut_off(workflow: Workflow, node: Node, names: set[str], by_name: dict[str, Node], kinds: NodeKinds) -> set[str]:
    """Return those of `names` that lead to a node on the canvas, though a disabled node hands nothing on."""
    onward = [edge for edge in workflow.edges if edge.target_port != kinds[edge.target].back]
    before: set[str] = set()
    waiting = [node.id]
    while waiting:
        node_id = waiting.pop()
        sources = {edge.source for edge in onward if edge.target == node_id} - before
        before |= sources
        waiting += sources
    return {name for name in names if by_name[name].id in before}


def _not_before(node: Node, names: set[str]) -> Iterator[Diagnostic]:
    for name in sorted(names):
        yield Diagnostic(
            code="reference_not_upstream",
            message=f"{node.name!r} refers to {name!r}, which does not come before it.",
            remedy=f"Connect {name!r} so that it leads to {node.name!r}, or refer to another node.",
            node_id=node.id,
            field="params",
        )
