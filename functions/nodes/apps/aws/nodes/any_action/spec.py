"""The node for any action of AWS as a value."""

from typing import Any, Literal

from functions.nodes.apps.aws.specs import action_node, credential_field, region_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text


class Row(NodeParams):
    """A parameter of the operation."""

    name: str = ui(
        ...,
        title="Parameter",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("parameters", needs=("credential", "service", "operation")),
        min_length=1,
        max_length=200,
    )
    value: Any = ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.id }}")


class Params(NodeParams):
    """Which operation, and with what."""

    credential: str = credential_field()
    service: str = ui(
        ...,
        title="Service",
        kind=Kind.TEXT,
        expression=False,
        placeholder="ec2",
        help="As the AWS CLI and boto3 call it.",
        options_from=OptionsFrom("services", needs=("credential",), searches=True, labelled=True),
        min_length=1,
        max_length=100,
        pattern=r"^[a-z0-9-]+$",
    )
    operation: str = ui(
        ...,
        title="Operation",
        kind=Kind.TEXT,
        expression=False,
        placeholder="DescribeInstances",
        help="Its name in AWS's API reference.",
        options_from=OptionsFrom("operations", needs=("credential", "service"), searches=True),
        min_length=1,
        max_length=200,
        pattern=r"^[A-Za-z0-9_]+$",
    )
    given: Literal["fields", "json"] = ui(
        "fields",
        title="Parameters as",
        kind=Kind.SELECT,
        expression=False,
        options=[("fields", "Fields"), ("json", "JSON")],
    )
    parameters: list[Row] = ui(
        ...,
        title="Parameters",
        kind=Kind.MAPPING,
        help="Objects and lists as JSON, or as an expression that gives them.",
        default_factory=list,
        max_length=200,
        show_when={"given": ["fields"]},
    )
    json_parameters: Any = ui(
        None,
        title="Parameters",
        kind=Kind.JSON,
        placeholder='{"Filters": [{"Name": "tag:stage", "Values": ["live"]}]}',
        help="As in AWS's API reference. Unknown, missing or wrong ones are named before anything is sent.",
        show_when={"given": ["json"]},
    )
    pages: Literal["one", "all"] = ui(
        "one",
        title="Answer",
        kind=Kind.SELECT,
        expression=False,
        options=[("one", "One item with the answer"), ("all", "An item for each entry of the list, through all pages")],
    )
    limit: int = ui(
        1000,
        title="Entries at most",
        kind=Kind.NUMBER,
        show_when={"pages": ["all"]},
        ge=1,
        le=100_000,
    )
    region: Text = region_field()


DOCS = """\
Calls any operation of any service of AWS, once for each input item. Services, operations and their parameters come from
the models that AWS's own SDK has (botocore).

**Parameters.** In *Fields*, a row for each; in *JSON*, one object. They are checked against the model first: what is
unknown, missing or of another type is named by its path (`Filters[0].Values must be a list, not text`), and nothing is
sent. Bytes are text, `{"base64": "..."}`, or `{"file": "data"}` for a file of the item, up to 50 MB. Times are ISO
texts. A token that makes a call idempotent (`ClientToken`) is filled in: the same item has the same in every attempt.

**Account.** Only the credential's keys or its role are used, never those of the platform. With a role, AWS is asked for
its keys once an hour, with the external ID of the credential.

**Output.** The answer as JSON: times as ISO texts, bytes as Base64; a stream of bytes is the file `data`. *An item for
each entry* goes through the pages, up to *Entries at most*; entries that are no objects are `{value}`.

**Errors.** `ParameterInvalid` before anything is sent, `AwsKeysRefused`, `AwsAccessDenied` (with the action that is to
be allowed), `AwsResourceMissing`, `AwsRefused` (AWS's own code and words), `HttpRateLimited` (throttled, after four
attempts), `HttpServerError`, `RequestTimeout`, `ResponseInvalid`, `ResponseTooLarge`.

**Example.** Service `ec2`, operation `DescribeInstances`, an item for each entry: the reservations of the region.
"""

SPEC = action_node(
    type="aws",
    name="AWS",
    icon="cloud-cog",
    summary="Calls any operation of any service of AWS.",
    docs=DOCS,
    params=Params,
    subtitle="{service} {operation}",
    memory_mb=768,
    output_example=({"Reservations": [{"ReservationId": "r-0a1b2c3d", "OwnerId": "123456789012"}]},),
)
