"""Second pass: what is wrong with the document as it stands on the canvas.

structure   types, ids, edges, circles, triggers      loops   what rounds lead to and what leads to them
parameters  each node's parameters against its schema     tools   what agents call, and what is asked of models
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from stepweave.compiler.check import loops, parameters, structure, tools
from stepweave.compiler.check.findings import Finding
from stepweave.compiler.edges import Entries, Incoming, NodeKinds, bodies, live_inputs
from stepweave.compiler.kind import Kinds, kind_of
from stepweave.compiler.parse import Parsed
from stepweave.compiler.result import CompileOptions, Rejected
from stepweave.model.diagnostics import Diagnostic
from stepweave.model.workflow import Node, Workflow
from stepweave.spec.catalogue import Catalogue

__all__ = ["Checked", "check"]


@dataclass(frozen=True)
class Checked:
    """A document of which a graph can be made.

    Attributes:
        workflow: the document.
        entries: per node, its type.
        kinds: per node, its kind.
        incoming: per enabled node its edges, disabled nodes bridged.
        diagnostics: what was found so far, errors that stop nothing yet among them.
    """

    workflow: Workflow
    entries: Entries
    kinds: NodeKinds
    incoming: Incoming
    diagnostics: tuple[Diagnostic, ...]


def check(parsed: Parsed, catalogue: Catalogue, options: CompileOptions, kinds: Kinds) -> Checked | Rejected:
    """Return the document with its types and edges, or what stops it from being compiled.

    Args:
        parsed: the document.
        catalogue: the node types there are.
        options: what is to run.
        kinds: what kinds of node mean.
    """
    workflow = parsed.workflow
    found = [*structure.problems(workflow, catalogue, kinds), *_parameters(workflow, catalogue)]
    if _stopped(found):
        return Rejected(_told(found))
    entries = {node.id: entry for node in workflow.nodes if (entry := catalogue.get(node.type, node.version))}
    node_kinds = {node.id: kind_of(node, entries[node.id], kinds) for node in workflow.nodes}
    incoming = live_inputs(workflow, entries)
    found += structure.reachability(workflow, incoming, entries)
    found += loops.problems(workflow, incoming, entries, node_kinds)
    found += tools.problems(workflow, incoming, entries, node_kinds)
    found += loops.fired_in_rounds(workflow, bodies(incoming, node_kinds), options.fired)
    if _stopped(found):
        return Rejected(_told(found))
    return Checked(workflow, entries, node_kinds, incoming, _told(found))


def _parameters(workflow: Workflow, catalogue: Catalogue) -> Iterable[Finding]:
    size = 0
    for node in workflow.nodes:
        entry = catalogue.get(node.type, node.version)
        size += len(json.dumps(node.params))
        if size > parameters.MOST_ALL_BYTES:
            # What is behind is not read: code as long as this takes many seconds.
            yield Finding(_too_large(node), stops=True)
            return
        if entry is not None and not node.settings.disabled:
            yield from map(Finding, parameters.problems(node, entry))


def _too_large(node: Node) -> Diagnostic:
    return Diagnostic(
        code="too_large",
        message=f"With {node.name!r} the nodes' parameters have more than {parameters.MOST_ALL_BYTES} bytes together.",
        remedy="Move part of it into another workflow, or keep large texts outside the nodes.",
    )


def _stopped(found: Iterable[Finding]) -> bool:
    return any(finding.stops for finding in found)


def _told(found: Iterable[Finding]) -> tuple[Diagnostic, ...]:
    return tuple(finding.diagnostic for finding in found)
