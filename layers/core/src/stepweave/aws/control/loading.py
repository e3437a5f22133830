"""What botocore reads of its own files, read once: imported with the first boto3 client.

Which endpoints AWS has are 7 MB of objects, which each process read for itself; processes that are forked after this
import share them (ADR 2).
"""

from typing import Final

import boto3  # noqa: F401  # so that forks share it, too
from botocore.loaders import Loader

LOADER: Final = Loader()
LOADER.load_data("endpoints")
