"""KMS: data keys for envelope encryption."""

import base64
from collections.abc import Mapping

from stepweave.aws.transport import Transport


class Keys:
    """Data keys wrapped by a KMS key."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def generate(self, key_id: str, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        """Return a new 256-bit data key, and the same key wrapped.

        Args:
            key_id: the KMS key that wraps it.
            context: must be given again to unwrap it.

        Raises:
            AwsError: `NotFoundException`, `AccessDeniedException`, ...
        """
        answer = self._transport.call(
            "kms",
            "TrentService.GenerateDataKey",
            {"KeyId": key_id, "KeySpec": "AES_256", "EncryptionContext": dict(context)},
            version="1.1",
        )
        return base64.b64decode(answer["Plaintext"]), base64.b64decode(answer["CiphertextBlob"])

    def rewrap(self, wrapped: bytes, key_id: str, context: Mapping[str, str]) -> tuple[bytes, str]:
        """Return a data key wrapped by `key_id`, and the ARN of the key that had wrapped it. It does not leave KMS.

        Raises:
            AwsError: as `unwrap`.
        """
        asked = {
            "CiphertextBlob": base64.b64encode(wrapped).decode(),
            "SourceEncryptionContext": dict(context),
            "DestinationKeyId": key_id,
            "DestinationEncryptionContext": dict(context),
        }
        answer = self._transport.call("kms", "TrentService.ReEncrypt", asked, version="1.1")
        return base64.b64decode(answer["CiphertextBlob"]), str(answer["SourceKeyId"])

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Return the data key that `generate` wrapped.

        Raises:
            AwsError: `InvalidCiphertextException` when key or context is another, ...
        """
        answer = self._transport.call(
            "kms",
            "TrentService.Decrypt",
            {"CiphertextBlob": base64.b64encode(wrapped).decode(), "EncryptionContext": dict(context)},
            version="1.1",
        )
        return base64.b64decode(answer["Plaintext"])
