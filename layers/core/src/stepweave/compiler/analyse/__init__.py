"""Third pass: what a document means as a graph, before anybody asks how a machine can do it.

building    numbers nodes and ports: the graph      structure  the order of its steps: sequences and branches
references  whose output each step reads            lineage    which items take along where they come from
modes       Standard or Express                     answers    who answers a webhook's caller
liveness    which ports can be dead where (the passes behind this one ask it)
"""

from collections.abc import Mapping
from dataclasses import dataclass

from stepweave.compiler.analyse import answers, lineage, modes, references
from stepweave.compiler.analyse.building import build
from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.analyse.lineage import Lineage
from stepweave.compiler.analyse.references import Refs
from stepweave.compiler.analyse.structure import Tree, decompose
from stepweave.compiler.check import Checked
from stepweave.compiler.kind import Kinds
from stepweave.compiler.result import CompileOptions, MachineType
from stepweave.model.diagnostics import Diagnostic

__all__ = ["Analysed", "analyse"]


@dataclass(frozen=True)
class Analysed:
    """A document as a graph, and what is known of it.

    Attributes:
        graph: nodes and ports.
        tree: the order of the steps outside loops; None where there are none.
        bodies: per loop, the order of the steps in its body; None where it is empty.
        refs: per node, name -> node of the outputs its expressions may read; None for a node that never runs.
        lineage: where items take along where they come from.
        kind: which kind of machine it is for.
        answers: mask of the response nodes.
        last: mask of the nodes whose output can be the last one; 0 where nobody asks for it.
        timeout_seconds: of the whole execution; None where the workflow sets none.
        diagnostics: what was found so far, errors among them.
    """

    graph: Graph
    tree: Tree | None
    bodies: Mapping[int, Tree | None]
    refs: Refs
    lineage: Lineage
    kind: MachineType
    answers: int
    last: int
    timeout_seconds: int | None
    diagnostics: tuple[Diagnostic, ...]


def analyse(checked: Checked, options: CompileOptions, kinds: Kinds) -> Analysed:
    """Return what a document means.

    Args:
        checked: the document.
        options: which part of it is to run, and what is given.
        kinds: what kinds of node mean.
    """
    workflow = checked.workflow
    graph = build(checked, options, kinds)
    refs, problems = references.resolve(workflow, graph, checked.kinds)
    kind, impossible = modes.choose(workflow, graph)
    whole = not (options.fired or options.until)  # a part of a workflow answers nobody
    return Analysed(
        graph=graph,
        tree=decompose(graph.preds, graph.region(None)),
        bodies={loop: decompose(graph.preds, graph.region(loop)) for loop in graph.bodies},
        refs=refs,
        lineage=lineage.plan(graph, refs),
        kind=kind,
        answers=answers.answering(graph),
        last=answers.last_wanted(graph),
        timeout_seconds=workflow.settings.timeout_seconds,
        diagnostics=(*checked.diagnostics, *problems, *impossible, *(answers.check(graph) if whole else ())),
    )
