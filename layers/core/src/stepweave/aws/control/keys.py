"""KMS as the vault needs it: the key that `STEPWEAVE_KMS_KEY_ID` names."""

import os

from stepweave.aws import Aws


class KmsKeys:
    """Data keys from KMS."""

    def generate_data_key(self, context: dict[str, str]) -> tuple[bytes, bytes]:
        """Return a new 256-bit key, plain and wrapped. Raises AwsError; KeyError where no key is set."""
        return Aws.shared().keys.generate(os.environ["STEPWEAVE_KMS_KEY_ID"], context)

    def decrypt(self, wrapped: bytes, context: dict[str, str]) -> bytes:
        """Return the plain key of a wrapped one. Raises AwsError when the context differs."""
        return Aws.shared().keys.unwrap(wrapped, context)
