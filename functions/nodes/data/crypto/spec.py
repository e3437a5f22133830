"""The crypto node as a value."""

from typing import Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import Text, keep_other_fields_field, result_field

Operation = Literal["hash", "hmac", "verifyHmac", "encrypt", "decrypt", "sign", "verify", "random", "uuid"]
Digest = Literal[
    "sha256", "sha384", "sha512", "sha224", "sha3_256", "sha3_384", "sha3_512", "blake2b", "blake2s", "sha1", "md5"
]
Encoding = Literal["hex", "base64", "base64url"]
_DIGESTS: Final = [
    ("sha256", "SHA-256"),
    ("sha384", "SHA-384"),
    ("sha512", "SHA-512"),
    ("sha224", "SHA-224"),
    ("sha3_256", "SHA3-256"),
    ("sha3_384", "SHA3-384"),
    ("sha3_512", "SHA3-512"),
    ("blake2b", "BLAKE2b"),
    ("blake2s", "BLAKE2s"),
    ("sha1", "SHA-1 (broken)"),
    ("md5", "MD5 (broken)"),
]
_SIGNED: Final = [("sha256", "SHA-256"), ("sha384", "SHA-384"), ("sha512", "SHA-512"), ("sha1", "SHA-1 (broken)")]
_ENCODINGS: Final = [("hex", "Hexadecimal"), ("base64", "Base64"), ("base64url", "Base64 for URLs")]
_INPUT: Final = ["hash", "hmac", "verifyHmac", "encrypt", "decrypt", "sign", "verify"]
_PLAIN: Final = ["hash", "hmac", "verifyHmac", "encrypt", "sign", "verify"]


class Params(NodeParams):
    """What to do with which text, file and key."""

    operation: Operation = ui(
        "hash",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("hash", "Hash"),
            ("hmac", "HMAC"),
            ("verifyHmac", "Check an HMAC"),
            ("encrypt", "Encrypt"),
            ("decrypt", "Decrypt"),
            ("sign", "Sign"),
            ("verify", "Verify a signature"),
            ("random", "Random value"),
            ("uuid", "UUID"),
        ],
    )
    source: Literal["text", "file"] = ui(
        "text",
        title="Of",
        kind=Kind.SELECT,
        expression=False,
        options=[("text", "A text"), ("file", "A file of the item")],
        show_when={"operation": _INPUT},
    )
    text: Text = ui(
        "",
        title="Text",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.body }}",
        show_when={"operation": _INPUT, "source": ["text"]},
    )
    file: Text = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="The name of a file that the item has.",
        show_when={"operation": _INPUT, "source": ["file"]},
        max_length=200,
    )
    credential: str = ui(
        "",
        title="Key",
        kind=Kind.CREDENTIAL,
        credential="crypto_key",
        expression=False,
        show_when={"operation": ["hmac", "verifyHmac", "encrypt", "decrypt", "sign", "verify"]},
        required_when_shown=True,
    )
    algorithm: Digest = ui(
        "sha256",
        title="Algorithm",
        kind=Kind.SELECT,
        expression=False,
        options=_DIGESTS,
        show_when={"operation": ["hash", "hmac", "verifyHmac"]},
    )
    signature_hash: Literal["sha256", "sha384", "sha512", "sha1"] = ui(
        "sha256",
        title="Hash",
        kind=Kind.SELECT,
        expression=False,
        options=_SIGNED,
        help="Of RSA and ECDSA. Ed25519 has its own.",
        show_when={"operation": ["sign", "verify"]},
    )
    signature: Text = ui(
        "",
        title="Signature to check",
        kind=Kind.TEXT,
        placeholder="{{ $json.headers['x-signature'] }}",
        show_when={"operation": ["verify", "verifyHmac"]},
        required_when_shown=True,
        max_length=20_000,
    )
    encoding: Encoding = ui(
        "hex",
        title="Encoding",
        kind=Kind.SELECT,
        expression=False,
        options=_ENCODINGS,
        help="Of the result, or of the signature to check.",
        show_when={"operation": ["hash", "hmac", "verifyHmac", "sign", "verify"]},
    )
    random_kind: Literal["text", "hex", "base64", "base64url", "number"] = ui(
        "text",
        title="Kind",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("text", "Text"),
            ("hex", "Bytes in hexadecimal"),
            ("base64", "Bytes in Base64"),
            ("base64url", "Bytes in Base64 for URLs"),
            ("number", "Whole number"),
        ],
        show_when={"operation": ["random"]},
    )
    length: int = ui(
        32,
        title="Length",
        kind=Kind.NUMBER,
        help="Characters of a text, bytes of anything else.",
        show_when={"operation": ["random"], "randomKind": ["text", "hex", "base64", "base64url"]},
        ge=1,
        le=100_000,
    )
    alphabet: Text = ui(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        title="Characters",
        kind=Kind.TEXT,
        help="Each is as likely as any other; one that stands there twice counts once.",
        show_when={"operation": ["random"], "randomKind": ["text"]},
        max_length=1000,
    )
    lowest: int = ui(
        0,
        title="From",
        kind=Kind.NUMBER,
        show_when={"operation": ["random"], "randomKind": ["number"]},
        ge=-(2**53),
        le=2**53,
    )
    highest: int = ui(
        100,
        title="To",
        kind=Kind.NUMBER,
        help="May come, too.",
        show_when={"operation": ["random"], "randomKind": ["number"]},
        ge=-(2**53),
        le=2**53,
    )
    uuid_version: Literal["v4", "v7"] = ui(
        "v4",
        title="Version",
        kind=Kind.SELECT,
        expression=False,
        options=[("v4", "4: random"), ("v7", "7: begins with the time, so it sorts")],
        show_when={"operation": ["uuid"]},
    )
    output_field: str = result_field("data")
    output_file: Text = ui(
        "data",
        title="Name of the new file",
        kind=Kind.TEXT,
        help="The file among those of the item.",
        show_when={"operation": ["encrypt", "decrypt"], "source": ["file"]},
        min_length=1,
        max_length=200,
    )
    text_encoding: Literal["utf8", "hex", "base64"] = ui(
        "utf8",
        title="The text is",
        kind=Kind.SELECT,
        expression=False,
        options=[("utf8", "Text (UTF-8)"), ("hex", "Bytes in hexadecimal"), ("base64", "Bytes in Base64")],
        show_when={"operation": _PLAIN, "source": ["text"]},
        group="options",
    )
    context: Text = ui(
        "",
        title="Context",
        kind=Kind.TEXT,
        help="Bound to what is encrypted, but not in it: it decrypts with the same context only.",
        placeholder="{{ $json.customerId }}",
        show_when={"operation": ["encrypt", "decrypt"]},
        group="options",
        max_length=1000,
    )
    rsa_padding: Literal["pkcs1", "pss"] = ui(
        "pkcs1",
        title="Padding of RSA",
        kind=Kind.SELECT,
        expression=False,
        options=[("pkcs1", "PKCS #1 v1.5"), ("pss", "PSS")],
        show_when={"operation": ["sign", "verify"]},
        group="options",
    )
    ecdsa_form: Literal["der", "raw"] = ui(
        "der",
        title="Form of ECDSA",
        kind=Kind.SELECT,
        expression=False,
        options=[("der", "DER"), ("raw", "r and s side by side (IEEE P1363)")],
        show_when={"operation": ["sign", "verify"]},
        group="options",
    )
    keep_other_fields: bool = keep_other_fields_field()


DOCS = """\
Hashes, signs, encrypts, and makes random values, for each item. Files are read piece by piece, whatever their size.

**Encryption** is AES-GCM in pieces of 64 KB, each authenticated, under a key of its own for each message (HKDF from the
credential's secret, or scrypt of a password first). What comes out names its format's version and cannot be changed,
cut or put together anew without decryption failing. It is text in Base64 for URLs, or a file.

**Signatures** are RSA's (PKCS #1 v1.5 or PSS), ECDSA's (DER, or r and s side by side) or Ed25519's, as the key is.
A signature that does not fit gives false and is no error, and so is one that cannot be read.

**Random values** and UUIDs come from the operating system's secure generator.

**Output.** The item with the result in *Write to field*: text; true or false of *Check an HMAC* and *Verify a
signature*; a number. An encrypted or decrypted file goes to *Name of the new file*, and its size in bytes to the field.
Decrypted bytes that are no text stand there in Base64.

**Errors.** `KeyInvalid`: the credential has no key for the operation, or one that cannot be read or is too short.
`DecryptionFailed`: another key or context, or what is not this node's work or was changed. `ValueMismatch`: the text is
no hexadecimal or Base64.

**Example.** *Check an HMAC* of `{{ $json.rawBody }}` with SHA-256, signature
`{{ $json.headers['x-hub-signature-256'].slice(7) }}`, field `genuine`.
"""

SPEC = NodeSpec(
    type="crypto",
    name="Crypto",
    category=Category.DATA,
    icon="fingerprint",
    summary="Hashes, HMAC, encryption, signatures, random values and UUIDs.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    credentials=("crypto_key",),
    layers=("crypto",),
    subtitle="{operation}",
    timeout_seconds=300,
    memory_mb=512,
    errors=("KeyInvalid", "DecryptionFailed", "ValueMismatch"),
    output_example=({"data": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},),
)
