"""Headers of answers: which a workflow may set, what it is told of others, and how letters are carried."""

import pytest

from stepweave.runtime.answers import carried, refusal


@pytest.mark.parametrize(
    "name",
    [
        "content-type",
        "location",
        "etag",
        "cache-control",
        "x-request-id",
        "ratelimit-limit",
        "access-control-allow-origin",
    ],
)
def test_an_answers_own_headers_are_allowed(name: str) -> None:
    assert refusal(name, "a") is None


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("set-cookie", "a=b", "not for workflows"),
        ("content-security-policy", "default-src *", "not for workflows"),
        ("clear-site-data", '"*"', "not for workflows"),
        ("service-worker-allowed", "/", "not for workflows"),
        ("strict-transport-security", "max-age=0", "not for workflows"),
        ("x-frame-options", "ALLOWALL", "not for workflows"),
        ("x-content-type-options", "", "not for workflows"),
        ("x-stepweave-execution", "1", "not for workflows"),
        ("access-control-allow-credentials", "true", "not for workflows"),
        ("refresh", "0; url=/", "not for workflows"),
        ("content-encoding", "gzip", "not for workflows"),
        ("content-length", "1", "set by the server"),
        ("transfer-encoding", "chunked", "set by the server"),
        ("bad name", "1", "not a header's name"),
        ("", "1", "not a header's name"),
        ("x-a", "b\r\nset-cookie: c", "line break"),
        ("x-a", "b\x00", "control character"),
        ("x-city", "日本", "cannot carry"),
    ],
)
def test_others_are_refused_with_a_reason_and_a_remedy(name: str, value: str, words: str) -> None:
    why = refusal(name, value)
    assert why is not None
    assert words in why[0]
    assert why[1]


@pytest.mark.parametrize(
    ("name", "value", "sent"),
    [
        ("x-city", "Zürich", "Zürich"),
        ("location", "https://x.example/ü?q=日#a", "https://x.example/%C3%BC?q=%E6%97%A5#a"),
        ("location", "/a%20b", "/a%20b"),
        (
            "content-disposition",
            'attachment; filename="ü 1.pdf"',
            "attachment; filename=\"_ 1.pdf\"; filename*=UTF-8''%C3%BC%201.pdf",
        ),
        ("content-disposition", 'attachment; filename="a.pdf"', 'attachment; filename="a.pdf"'),
    ],
)
def test_letters_are_carried_as_http_can(name: str, value: str, sent: str) -> None:
    assert carried(name, value) == sent
    assert refusal(name, sent) is None
