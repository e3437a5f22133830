"""The bucket of the deployment's zips is made once, and an endpoint that does not make it is named."""

import asyncio
from pathlib import Path

import pytest

from local.settings import LocalSettings
from local.stack import assets
from local.stack.part import PartError
from tests.local.emulator.support import Emulator


def test_the_bucket_is_made_and_may_be_there(emulator: Emulator, tmp_path: Path) -> None:
    settings = LocalSettings(tmp_path, outside_aws=emulator.endpoint)
    for _ in range(2):
        asyncio.run(assets.make_bucket(settings))
    assert emulator.client("s3").head_bucket(Bucket=assets.BUCKET)


def test_an_endpoint_that_nobody_serves_is_named(tmp_path: Path) -> None:
    settings = LocalSettings(tmp_path, outside_aws="http://127.0.0.1:9")
    with pytest.raises(PartError, match=r"(?s)http://127\.0\.0\.1:9 did not make .*emulator\.log"):
        asyncio.run(assets.make_bucket(settings))
