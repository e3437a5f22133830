"""The compiler: a workflow and the catalogue in, an AWS Step Functions state machine or diagnostics out. Pure.

    document ─parse─> Workflow ─check─> diagnostics
                         │
                         └─graph─> Graph ─structure─> tree ─liveness, limits─> emit ─> Compiled

Each pass is a module: `parse` reads the document, `check` and `parameters` say what is wrong with it, `graph` numbers
nodes and ports, `references` finds whose output each step reads, `structure` decomposes the graph into sequences and
parallel branches, `liveness` knows which ports can be dead where, `limits` keeps every state under 256 KiB, `modes`
picks Standard or Express, `emit` writes the Amazon States Language. What a graph means is DESIGN section 6;
`stepweave.runtime.interpreter` is that meaning as code, and the two must agree on every graph.
"""

from stepweave.compiler.compile import compile_workflow, validate
from stepweave.compiler.result import Compiled, CompileOptions, Rejected, Trigger

__all__ = ["CompileOptions", "Compiled", "Rejected", "Trigger", "compile_workflow", "validate"]
