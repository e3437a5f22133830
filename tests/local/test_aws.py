"""Clients of the local endpoint: LocalStack's conventions, and a given endpoint before them."""

import pytest

from local import aws


@pytest.mark.parametrize(
    ("environment", "given", "reached"),
    [
        ({}, "", "http://localhost:4566"),
        ({"LOCALSTACK_HOST": "127.0.0.1:4599"}, "", "http://127.0.0.1:4599"),
        ({"LOCALSTACK_HOST": "box:4599", "USE_SSL": "1"}, "", "https://box:4599"),
        ({"LOCALSTACK_HOST": "box:4599", "AWS_ENDPOINT_URL": "http://here:1"}, "", "http://here:1"),
        ({"LOCALSTACK_HOST": "box:4599", "AWS_ENDPOINT_URL": "http://here:1"}, "http://own:2", "http://own:2"),
    ],
)
def test_a_client_goes_where_localstacks_conventions_say_and_a_given_endpoint_before_them(
    environment: dict[str, str], given: str, reached: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ENDPOINT_URL", "LOCALSTACK_HOST", "USE_SSL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    client = aws.client("stepfunctions", given)
    assert (client.meta.endpoint_url, client.meta.region_name) == (reached, "us-east-1")
    client.close()
