"""Makes the deployment's bucket in a process of its own: boto3, 20 MB of it, would stay as long as the stack serves."""

import asyncio
import sys
from typing import Final

from local.settings import LocalSettings
from local.stack.part import PartError

BUCKET: Final = "stepweave-local-assets"
"""Named by `stacks/app.py`."""


async def make_bucket(settings: LocalSettings) -> None:
    """Make the bucket of the deployment's zips, which spares `cdk bootstrap` (25 s on a first start).

    Raises PartError with what the AWS endpoint answered.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "local.stack.assets", settings.aws_url),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, errors = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if process.returncode:
        told = errors.decode(errors="replace").strip()
        raise PartError(
            f"deployment: {settings.aws_url} did not make the bucket {BUCKET}: {told}.\n"
            f"  Log of the AWS emulator: {settings.logs / 'emulator.log'}"
        )


def main(endpoint: str) -> int:
    """Make the bucket unless it is there. Returns the exit status, with the reason on stderr."""
    from botocore.exceptions import BotoCoreError, ClientError

    from local import aws

    s3 = aws.client("s3", endpoint)
    try:
        s3.create_bucket(Bucket=BUCKET)
    except (s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
        return 0
    except (ClientError, BotoCoreError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
