"""The node for S3 as a value."""

from typing import Any, Literal

from functions.nodes.apps.aws.specs import action_node, credential_field, region_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import NameValue, Text

_KEYED = ["get", "put", "delete", "copy", "link"]


class Params(NodeParams):
    """What to do with which object."""

    credential: str = credential_field()
    operation: Literal["list", "get", "put", "delete", "copy", "link"] = ui(
        "get",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("list", "List objects"),
            ("get", "Get an object as a file"),
            ("put", "Put a file or text"),
            ("delete", "Delete an object"),
            ("copy", "Copy an object"),
            ("link", "Make a link that expires"),
        ],
    )
    bucket: Text = ui(
        ...,
        title="Bucket",
        kind=Kind.TEXT,
        placeholder="orders",
        options_from=OptionsFrom("buckets", needs=("credential",)),
        min_length=1,
        max_length=2048,
    )
    key: Text = ui(
        "",
        title="Key",
        kind=Kind.TEXT,
        placeholder="2026/11/{{ $json.id }}.pdf",
        help="The object's whole name in the bucket.",
        show_when={"operation": _KEYED},
        required_when_shown=True,
        max_length=1024,
    )
    prefix: Text = ui(
        "",
        title="Keys that begin with",
        kind=Kind.TEXT,
        placeholder="2026/11/",
        show_when={"operation": ["list"]},
        max_length=1024,
    )
    folders: bool = ui(
        False,
        title="This folder only",
        kind=Kind.BOOLEAN,
        expression=False,
        help="What has a / behind the prefix is one item for each folder.",
        show_when={"operation": ["list"]},
    )
    limit: int = ui(1000, title="At most", kind=Kind.NUMBER, show_when={"operation": ["list"]}, ge=1, le=100_000)
    source: Literal["file", "text"] = ui(
        "file",
        title="What to put",
        kind=Kind.SELECT,
        expression=False,
        options=[("file", "A file of the item"), ("text", "Text or JSON")],
        show_when={"operation": ["put"]},
    )
    file: Any = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="The name of a file of the item, or a file: {{ $binary.data }}.",
        show_when={"operation": ["put"], "source": ["file"]},
        required_when_shown=True,
    )
    text: Any = ui(
        "",
        title="Text",
        kind=Kind.MULTILINE,
        placeholder="{{ $json }}",
        help="What is no text is written as JSON.",
        show_when={"operation": ["put"], "source": ["text"]},
    )
    to_bucket: Text = ui(
        "",
        title="To bucket",
        kind=Kind.TEXT,
        help="Empty: the same.",
        options_from=OptionsFrom("buckets", needs=("credential",)),
        show_when={"operation": ["copy"]},
        max_length=2048,
    )
    to_key: Text = ui(
        "",
        title="To key",
        kind=Kind.TEXT,
        placeholder="archive/{{ $json.id }}.pdf",
        show_when={"operation": ["copy"]},
        required_when_shown=True,
        max_length=1024,
    )
    link_for: Literal["get", "put"] = ui(
        "get",
        title="The link is to",
        kind=Kind.SELECT,
        expression=False,
        options=[("get", "Download the object"), ("put", "Upload it (PUT)")],
        show_when={"operation": ["link"]},
    )
    minutes: float = ui(
        60,
        title="Valid for minutes",
        kind=Kind.NUMBER,
        help="At most a week. With a role's keys, or temporary ones, it ends with these: within an hour.",
        show_when={"operation": ["link"]},
        gt=0,
        le=10_080,
    )
    content_type: Text = ui(
        "",
        title="Content type",
        kind=Kind.TEXT,
        placeholder="application/pdf",
        help="Empty: the file's own.",
        show_when={"operation": ["put"]},
        group="options",
        max_length=200,
    )
    metadata: list[NameValue] = ui(
        ...,
        title="Metadata",
        kind=Kind.KEY_VALUE,
        default_factory=list,
        show_when={"operation": ["put"]},
        group="options",
        max_length=50,
    )
    storage_class: Literal[
        "", "STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"
    ] = ui(
        "",
        title="Storage class",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("", "The bucket's"),
            ("STANDARD", "Standard"),
            ("STANDARD_IA", "Infrequent access"),
            ("ONEZONE_IA", "Infrequent access, one zone"),
            ("INTELLIGENT_TIERING", "Intelligent tiering"),
            ("GLACIER_IR", "Archive, at once"),
            ("GLACIER", "Archive"),
            ("DEEP_ARCHIVE", "Deep archive"),
        ],
        show_when={"operation": ["put", "copy"]},
        group="options",
    )
    if_absent: bool = ui(
        False,
        title="Only if there is none",
        kind=Kind.BOOLEAN,
        expression=False,
        help="An object that is there is left as it is, and the item fails.",
        show_when={"operation": ["put"]},
        group="options",
    )
    version: Text = ui(
        "",
        title="Version",
        kind=Kind.TEXT,
        help="Of a bucket that keeps versions. Empty: the newest.",
        show_when={"operation": ["get", "delete", "copy"]},
        group="options",
        max_length=1024,
    )
    region: Text = region_field()


DOCS = """\
Objects of S3, and of what speaks its protocol (MinIO, R2, Wasabi: their URL is the credential's endpoint).

**Operations.** *List* gives an item for each object, through all pages. *Get* stores the object as the file `data`.
*Put* sends files in parts of 8 MB and more, none of them whole in memory; a part that fails lets nothing lie. *Delete*
takes up to 1,000 items away in one call. *Copy* takes objects of any size, with their metadata, within S3. *Link* makes
a URL with which anybody can get (or put) the object until it ends; S3 is not asked, so a wrong key shows only there.

**Rights.** `s3:ListBucket`, `s3:GetObject`, `s3:PutObject`, `s3:AbortMultipartUpload`, `s3:DeleteObject`;
`s3:ListAllMyBuckets` to choose a bucket in the form.

**Output.** List: `key`, `size`, `etag`, `modifiedAt`, `storageClass`; folders have `key` and `isFolder`. Get: `bucket`,
`key`, `size`, `etag`, `contentType`, `modifiedAt`, `version`, `metadata`, and the file `data`. Put, copy: `bucket`,
`key`, `etag`, `version`. Delete: `bucket`, `key`, `deleted`. Link: `url`, `expiresAt`.

**Errors.** `AwsResourceMissing` (no such bucket, key or version), `AwsAccessDenied` (with the action that is to be
allowed), `AwsRefused` (S3's own code and words: `PreconditionFailed` where there is one already, `InvalidObjectState`
of an archived object), `AwsKeysRefused`, `HttpRateLimited`, `HttpServerError`, `RequestTimeout`, `ResponseInvalid`,
`ResponseTooLarge`.

**Example.** *Put a file*, bucket `invoices`, key `{{ $now.year }}/{{ $json.number }}.pdf`.
"""

SPEC = action_node(
    type="aws_s3",
    name="AWS S3",
    icon="cylinder",
    summary="Lists, gets, puts, copies and deletes objects, and makes links to them.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {bucket}",
    output_example=({"bucket": "orders", "key": "2026/7.pdf", "etag": "9b2cf535f27731c974343645a3985328"},),
)
