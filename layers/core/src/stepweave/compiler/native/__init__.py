"""Native lowering: what a state of the machine needs to do what a node's function does.

A node is lowered when its parameters are literals, plain paths, formulas and comparisons. It becomes a Choice whose
condition is the node's guard: where it holds, the node's result is assigned right there; where it does not (items by
reference, a value of a type that JSONata treats otherwise), the ordinary Task runs. So the guard decides, on the data
at hand, whether the result is provably what the function would give.

    values      literals and plain paths          conditions  comparisons         items     batches, guards, results
    formulas    sums, comparisons, joined texts   operands    a parameter's value as one of these
    lowering    what a lowering is; `stepweave.compiler.lowerings` has them, each a file
"""
