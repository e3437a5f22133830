"""The summaries that nodes over groups of items offer; what they come to: `stepweave.runtime.totals`."""

from typing import Any, Final, Literal, get_args

from stepweave.spec.fields import Kind, ui

Operation = Literal[
    "count",
    "countDistinct",
    "sum",
    "average",
    "min",
    "max",
    "append",
    "distinct",
    "concatenate",
    "first",
    "last",
    "median",
    "percentile",
    "stddev",
    "stddevPopulation",
]
_LABELS: Final[dict[Operation, str]] = {
    "count": "Count",
    "countDistinct": "Count distinct",
    "sum": "Sum",
    "average": "Average",
    "min": "Smallest",
    "max": "Largest",
    "append": "List of all",
    "distinct": "List of distinct ones",
    "concatenate": "Text of all",
    "first": "First",
    "last": "Last",
    "median": "Median",
    "percentile": "Percentile",
    "stddev": "Standard deviation of a sample",
    "stddevPopulation": "Standard deviation of all",
}
OPERATIONS: Final = [(operation, _LABELS[operation]) for operation in get_args(Operation)]
"""As the options of a select."""


def text_numbers_field() -> Any:
    """Return the switch that says whether text that is a number is one (`bool`)."""
    return ui(
        True,
        title="Read numbers in text",
        kind=Kind.BOOLEAN,
        expression=False,
        help='"12.5" counts as 12.5.',
        group="options",
    )


def unreadable_field() -> Any:
    """Return the choice of what happens to values that are no number where one is asked for (`fail` or `skip`)."""
    return ui(
        "fail",
        title="Values that are no number",
        kind=Kind.SELECT,
        expression=False,
        options=[("fail", "End with an error"), ("skip", "Are left out")],
        group="options",
    )
