"""The loop node as a value."""

from typing import Final, Literal

from stepweave.spec.conditions import Condition, TypeValidation, operator_options, type_validation_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Phase, Port
from stepweave.spec.parts import ignore_case_field

ROUND_BY_ROUND: Final = {"mode": ["each_until", "repeat"]}
"""The modes that decide after each round whether there is another."""


class Params(NodeParams):
    """How the rounds are made, and when they end."""

    mode: Literal["each", "each_until", "repeat"] = ui(
        "each",
        title="Run",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("each", "Once for each batch of items"),
            ("each_until", "For each batch, until a condition holds"),
            ("repeat", "Again and again with what comes back"),
        ],
    )
    batch_size: int = ui(
        1,
        title="Items in a batch",
        kind=Kind.NUMBER,
        help="An expression is evaluated once, for the first item.",
        show_when={"mode": ["each", "each_until"]},
        ge=1,
        le=10_000,
    )
    concurrency: int = ui(
        1,
        title="Rounds at the same time",
        kind=Kind.NUMBER,
        expression=False,
        help="1 runs one after another, in order.",
        show_when={"mode": ["each"]},
        ge=1,
        le=40,
    )
    until: list[Condition] = ui(
        ...,
        title="Until",
        kind=Kind.CONDITIONS,
        help="Checked after each round, on the first item that came back. `$runIndex` is that round.",
        operators=operator_options(),
        show_when=ROUND_BY_ROUND,
        default_factory=list,
        max_length=100,
    )
    ignore_case: bool = ignore_case_field(show_when=ROUND_BY_ROUND)
    type_validation: TypeValidation = type_validation_field(show_when=ROUND_BY_ROUND)
    max_rounds: int = ui(
        100,
        title="Rounds at most",
        kind=Kind.NUMBER,
        expression=False,
        show_when=ROUND_BY_ROUND,
        ge=1,
        le=1000,
    )
    on_limit: Literal["continue", "fail"] = ui(
        "continue",
        title="When it has gone round that often",
        kind=Kind.SELECT,
        expression=False,
        options=[("continue", "Go on with what came back"), ("fail", "Fail, unless Until holds")],
        show_when={"mode": ["repeat"]},
    )
    only_last: bool = ui(
        False,
        title="Only what the last round brought back",
        kind=Kind.BOOLEAN,
        help="Otherwise `done` gets what all rounds brought back.",
        expression=False,
        show_when={"mode": ["each_until"]},
    )
    gather: bool = ui(
        False,
        title="What all rounds brought back",
        kind=Kind.BOOLEAN,
        help="Otherwise `done` gets what the last round brought back.",
        expression=False,
        show_when={"mode": ["repeat"]},
    )


DOCS = """\
Runs what its port `loop` leads to once for each batch of items, or again and again. All that `loop` leads to is the
loop's body; lead its end back to the input `back`. What `done` leads to runs once, after the last round.

**For each batch.** Each round gets a batch, one round after another or several at the same time. `done` gets all that
came back, in the order of the rounds. Where nothing leads back, `done` gets the loop's own items. Thousands of rounds
are possible; they then run as a Distributed Map. An expression in *Items in a batch* is evaluated once, for the first
item, and must give a whole number from 1 to 10,000.

**For each batch, until a condition holds.** One batch after another, and the loop is left early when all conditions of
*Until* hold for the first item that a round brought back; a round that brings nothing back is followed by the next.
`done` gets all that came back so far, or only what the last round brought; where the loop goes on after errors, error
items of earlier rounds go before that. More batches than *Rounds at most* fail before the first round, so that no item
is left out without a word.

**Again and again.** All items go round together, and what comes back goes into the next round. It ends when nothing
comes back, when all conditions of *Until* hold, or after so many rounds; `done` gets what came back last, or all that
came back in any round (the pages of a list). Where that is nothing, `done` is not run.

**The round.** `{{ $runIndex }}` is its number, from 0, in the body and in *Until*; in loops in loops, that of the
innermost one.

**Output.** `loop`: the items of the round. `done`: as above. A node in the body runs once in each round, and may read
nodes before the loop; a node after the loop reads what `done` gives it, not the nodes in the body.

**Errors.** `LoopLimit` when it may not end without *Until* holding and did, or has more batches than rounds.
`ParameterInvalid` when *Items in a batch* gives no such number. `ValueMismatch` and `PatternInvalid` as in *If*, for
*Until*. A round that fails fails the loop; where the loop goes on after errors, error items stand for the round's
items, the other batches go on, and what other rounds brought back is kept. *Again and again* ends with such a round,
and after too many rounds with error items of what the last one brought back.

**Example.** *Again and again*, body: HTTP request, then *Wait* ten seconds, back to the loop; *Until*
`{{ $json.body.status }}` is `ready`.
"""

SPEC = NodeSpec(
    type="loop",
    name="Loop",
    category=Category.FLOW,
    icon="repeat",
    summary="Runs what follows for each batch of items, or again and again.",
    docs=DOCS,
    subtitle="{mode}",
    params=Params,
    control="loop",
    phases=(
        Phase("split", begins=True, read_on=True),
        Phase("collect"),
        Phase("enter", begins=True, read_on=True),
        Phase("turn"),
    ),
    inputs=(Port("main", "Items"), Port("back", "Back")),
    outputs=(Port("done", "Done"), Port("loop", "Loop")),
    timeout_seconds=120,
    memory_mb=512,
    errors=("LoopLimit", "ValueMismatch", "PatternInvalid"),
    output_example=({"id": 7},),
)
