"""The node for Lambda as a value."""

from typing import Any, Literal

from functions.nodes.apps.aws.specs import action_node, credential_field, region_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text


class Params(NodeParams):
    """Which function, and with what."""

    credential: str = credential_field()
    function: Text = ui(
        ...,
        title="Function",
        kind=Kind.TEXT,
        placeholder="price-order",
        help="Its name or ARN.",
        options_from=OptionsFrom("functions", needs=("credential",)),
        min_length=1,
        max_length=200,
    )
    payload: Any = ui(
        ...,
        title="Event",
        kind=Kind.JSON,
        placeholder="{{ $json }}",
        help="Any data; text is sent as a JSON text.",
    )
    call: Literal["wait", "event"] = ui(
        "wait",
        title="Then",
        kind=Kind.SELECT,
        expression=False,
        options=[("wait", "Wait for its result"), ("event", "Go on at once (Lambda tries it up to three times)")],
    )
    qualifier: Text = ui(
        "",
        title="Version or alias",
        kind=Kind.TEXT,
        placeholder="live",
        help="Empty: the newest, unpublished one.",
        group="options",
        max_length=128,
    )
    region: Text = region_field()


DOCS = """\
Calls a function of Lambda for each input item, with an event of up to 6 MB (1 MB where nobody waits).

**A function that fails** ends the item with `LambdaFunctionFailed`, in the function's own words, with its type, stack
and the last 4 KB of its log. A call that did not reach it (throttled, Lambda's own failure) is made again.

**Rights.** `lambda:InvokeFunction`; `lambda:ListFunctions` to choose in the form.

**Output.** The result where it is an object, else `{result}`; what is no JSON is text. With *Go on at once*:
`requestId`.

**Errors.** `LambdaFunctionFailed`, `AwsResourceMissing`, `AwsRefused` (Lambda's own code and words:
`RequestTooLargeException`, ...), `AwsAccessDenied`, `AwsKeysRefused`, `HttpRateLimited`, `HttpServerError`,
`RequestTimeout` (it took longer than the node may), `ResponseInvalid`, `ResponseTooLarge`.

**Example.** Function `price-order`, event `{{ $json }}`.
"""

SPEC = action_node(
    type="aws_lambda",
    name="AWS Lambda",
    icon="square-function",
    summary="Calls functions, and gives what they return.",
    docs=DOCS,
    params=Params,
    subtitle="{function}",
    errors=("LambdaFunctionFailed",),
    timeout_seconds=900,
    output_example=({"price": 19.5},),
)
