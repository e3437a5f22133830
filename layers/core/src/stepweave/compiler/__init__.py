"""The compiler: a workflow and the catalogue in, an AWS Step Functions state machine or diagnostics out. Pure.

Read it from `compile` on, pass by pass, each a package that imports none of those behind it:

    document ─parse─> Parsed ─check─> Checked ─analyse─> Analysed ─optimise─> Plan ─emit─> Machine

    parse     reads the document                       check     says what is wrong with it as it is drawn
    analyse   what it means as a graph                 optimise  how a machine does that within the platform's limits
    emit      writes the Amazon States Language

No pass knows a node type's name. What a kind of control node (a loop, a wait) means is in `kinds`, how nodes run
without their function in `lowerings`: a file each, named by the specs of the node types. What all passes know lies
beside them: `kind`, `edges`, `masks`, `literals`, `events`. What a graph means is DESIGN section 6;
`stepweave.runtime.interpreter` is that meaning as code, and the two must agree on every graph.
"""

from stepweave.compiler.compile import compile_workflow, in_rounds, validate
from stepweave.compiler.result import Compiled, CompileOptions, Rejected, Trigger

__all__ = ["CompileOptions", "Compiled", "Rejected", "Trigger", "compile_workflow", "in_rounds", "validate"]
