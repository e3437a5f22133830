"""What is true of every credential type in the catalogue, and what its data does with what people fill in."""

import json
from typing import Any

import jsonschema_rs
import pytest

from functions.nodes import catalogue
from stepweave.spec.catalogue import Catalogue
from stepweave.spec.credential_data import complete, hint_of, merged, problems
from stepweave.spec.credential_entry import CredentialEntry
from stepweave.spec.credential_parts import ANY
from stepweave.spec.credentials import CredentialData, CredentialSpec, Grant, OAuth2, OnRequest, Probe
from stepweave.spec.fields import Kind, ui
from stepweave.spec.templates import TemplateUnfilled, filled, filled_json, filled_url, placeholders

TYPES = catalogue.catalogue().credentials
BY_TYPE = pytest.mark.parametrize("entry", TYPES.values(), ids=str)
TOKENS = {"accessToken"}
STAYING = {"chat_password", "crypto_key", "jwt_key", "webhook_jwt", "webhook_secret"}
"""Keys that a node's function works with itself, and sends nowhere."""


def templates(entry: CredentialEntry) -> list[str]:
    """Every text of a type in which fields stand."""
    found = [*entry.hint, *entry.hosts, *entry.sent_to]
    if entry.on_request:
        found += [text for pair in (*entry.on_request.headers, *entry.on_request.query) for text in pair]
        found += entry.on_request.basic or ()
        found += entry.on_request.digest or ()
    if entry.test:
        found += [entry.test.url, entry.test.body]
    if entry.oauth2:
        found += [entry.oauth2.token_url, entry.oauth2.authorize_url, *entry.oauth2.scopes]
    return found


def test_nodes_ask_for_credential_types_that_there_are() -> None:
    asked = {(spec.type, name) for spec in catalogue.specs() for name in spec.credentials}
    assert {(node, name) for node, name in asked if name not in {*TYPES, ANY}} == set()


def test_no_expression_chooses_a_credential() -> None:
    """The vault opens what a version names, so its id must stand in the document (ADR 60)."""
    fields = [
        (spec.type, name, field["x-ui"].get("expression"))
        for spec in catalogue.specs()
        for name, field in spec.params.model_json_schema()["properties"].items()
        if field.get("x-ui", {}).get("kind") == Kind.CREDENTIAL.value
    ]
    assert len(fields) > 100
    assert [field for field in fields if field[2] is not False] == []


@BY_TYPE
def test_each_secret_field_but_those_of_stores_takes_a_reference_in_place_of_a_secret(entry: CredentialEntry) -> None:
    """Whatever its pattern and its length: what is fetched is held to them (`stepweave_data.secrets.external`)."""
    reference = f"secret://{'0' * 8}-0000-4000-8000-{'0' * 12}/{'deep/' * 100}a#key"
    for name in entry.secrets:
        wrong = [one for one in problems(entry, {name: reference}) if one[0] == name]
        assert wrong == [], name


@BY_TYPE
def test_a_type_is_complete(entry: CredentialEntry) -> None:
    assert entry.name
    assert entry.summary.endswith(".")
    assert entry.hint
    jsonschema_rs.meta.validate(dict(entry.data_schema))
    assert entry.data_schema["additionalProperties"] is False
    kinds = {kind.value for kind in Kind}
    for name, form in entry.forms():
        assert form["kind"] in kinds, name
        assert form.get("unless", name) in entry.fields, name


@BY_TYPE
def test_templates_name_fields_and_hints_no_secret(entry: CredentialEntry) -> None:
    known = set(entry.fields) | (TOKENS if entry.oauth2 else set())
    assert {name for text in templates(entry) for name in placeholders(text)} <= known
    assert not {name for text in entry.hint for name in placeholders(text)} & entry.secrets


@BY_TYPE
def test_what_goes_with_a_request_is_a_secret_only_there(entry: CredentialEntry) -> None:
    if entry.on_request is None:
        assert (entry.hosts, entry.test) == ((), None)
        assert bool(entry.sent_to) is (entry.type not in STAYING), "say to which server the secrets go: sent_to=(...)"
    else:
        assert entry.secrets


def test_a_type_is_the_same_after_reading_and_writing() -> None:
    class Data(CredentialData):
        client_id: str = ui(..., title="Client", kind=Kind.TEXT)
        client_secret: str = ui(..., title="Secret", kind=Kind.SECRET)

    spec = CredentialSpec(
        type="shop_oauth2",
        name="Shop",
        icon="key-round",
        summary="A shop.",
        data=Data,
        hint=("{clientId}",),
        on_request=OnRequest(headers=(("Authorization", "Bearer {accessToken}"),), query=(("v", "1"),), basic=None),
        hosts=("api.shop.example", "*.cdn.shop.example"),
        test=Probe("https://api.shop.example/me", wrong_when="ok"),
        oauth2=OAuth2(
            "https://shop.example/token",
            "https://shop.example/authorize",
            scopes=("read", "write"),
            grant=Grant.AUTHORIZATION_CODE,
            authorize_extra=(("access_type", "offline"),),
        ),
    )
    entry = CredentialEntry.of(spec)
    written = json.loads(json.dumps(Catalogue([], [entry]).to_json()))
    assert Catalogue.from_json(written).credentials == {"shop_oauth2": entry}


POSTGRES = {"host": "db", "database": "d", "user": "u"}


@pytest.mark.parametrize(
    ("type", "data", "wrong"),
    [
        ("postgres", POSTGRES, []),
        ("postgres", {"dsn": "postgresql://u@db/d"}, []),
        ("postgres", {}, ["host", "database", "user"]),
        ("postgres", {**POSTGRES, "host": ""}, ["host"]),
        ("postgres", {**POSTGRES, "port": 0}, ["port"]),
        ("postgres", {**POSTGRES, "port": "5432"}, ["port"]),
        ("postgres", {**POSTGRES, "sslMode": "maybe"}, ["sslMode"]),
        ("postgres", {**POSTGRES, "planet": "earth"}, ["planet"]),
        ("smtp", {"host": "mail"}, []),
        ("http_header", {"name": "X-Key", "value": "hush\r\nHost: b"}, ["value"]),
        ("http_header", {"name": "X Key", "value": "hush"}, ["name"]),
        ("http_basic", {"user": "u", "password": "x" * 5000}, ["password"]),
    ],
)
def test_what_is_wrong_is_named_by_its_field_and_never_quoted(
    type: str, data: dict[str, Any], wrong: list[str]
) -> None:
    entry = TYPES[type]
    found = list(problems(entry, complete(entry, data)))
    assert [name for name, _ in found] == wrong
    secrets = [str(data[name]) for name in entry.secrets if data.get(name)]
    assert not [words for _, words in found for secret in secrets if secret in words]


def test_defaults_are_filled_in_for_what_is_asked_for() -> None:
    entry = TYPES["postgres"]
    assert complete(entry, POSTGRES) == {**POSTGRES, "port": 5432, "sslMode": "verify-full"}
    assert complete(entry, {"dsn": "postgresql://u@db/d"}) == {"dsn": "postgresql://u@db/d"}


@pytest.mark.parametrize(
    ("stored", "given", "then"),
    [
        (POSTGRES, {"dsn": "x"}, {"dsn": "x"}),
        ({"dsn": "x"}, POSTGRES, POSTGRES),
        ({"dsn": "x"}, {"host": "db"}, {"host": "db"}),
        (POSTGRES, {"host": None}, {"database": "d", "user": "u"}),
        (POSTGRES, {"host": "other"}, {**POSTGRES, "host": "other"}),
        ({"dsn": "x"}, {"port": 1}, {"dsn": "x", "port": 1}),
    ],
)
def test_fields_that_stand_for_each_other_replace_each_other(
    stored: dict[str, Any], given: dict[str, Any], then: dict[str, Any]
) -> None:
    assert merged(TYPES["postgres"], stored, given) == then


def test_a_default_that_is_no_value_is_not_stored() -> None:
    header = TYPES["http_header"]
    assert complete(header, {"name": "X", "value": "v"}) == {"name": "X", "value": "v", "inSeconds": 60}


def test_white_space_that_was_copied_along_is_left_out_but_of_secrets() -> None:
    given = {**POSTGRES, "host": " db.example.com\n", "user": "u\u00a0", "password": " hush "}
    kept = complete(TYPES["postgres"], given)
    assert (kept["host"], kept["user"], kept["password"]) == ("db.example.com", "u", " hush ")
    assert "database" not in complete(TYPES["postgres"], {**POSTGRES, "database": "  "})


def test_a_secret_that_was_copied_with_a_space_is_refused_with_what_to_do() -> None:
    aws = TYPES["aws"]
    given = {"accessKeyId": "AKIA", "region": "eu-central-1"}
    said = [dict(problems(aws, complete(aws, {**given, "secretAccessKey": key}))) for key in ("key\n", " key", "k y")]
    assert ["begins or ends with a space" in it["secretAccessKey"] for it in said] == [True, True, False]


def test_a_hint_tells_credentials_apart_without_secrets() -> None:
    postgres = TYPES["postgres"]
    assert hint_of(postgres, complete(postgres, {**POSTGRES, "password": "hush"})) == "u@db:5432/d"
    assert hint_of(postgres, {"dsn": "postgresql://u:hush@db/d"}) == "by DSN"


def test_a_template_without_one_of_its_fields_gives_nothing() -> None:
    assert filled("{a}:{b}", {"a": "x", "b": 5.0}) == "x:5"
    assert filled("{a}:{b}", {"a": "x", "b": ""}) is None
    assert filled("plain", {}) == "plain"


@pytest.mark.parametrize(
    ("template", "value", "url"),
    [
        ("{v}", "https://a.example/x?y=1", "https://a.example/x?y=1"),
        ("{v}/token", "https://a.example/realms/my realm", "https://a.example/realms/my realm/token"),
        ("https://{v}.example.com/token", "my-shop", "https://my-shop.example.com/token"),
        ("https://{v}.example.com/token", "evil.example", "https://evil.example.example.com/token"),
        ("https://{v}/token", "db.example:8443", "https://db.example:8443/token"),
        ("https://{v}/token", "\u00fcber.example", "https://\u00fcber.example/token"),
        ("https://a.example:{v}/", 8443, "https://a.example:8443/"),
        (
            "https://a.example/{v}/token",
            "a/../b?c#d&e %2F\u00fc",
            "https://a.example/a%2F..%2Fb%3Fc%23d%26e%20%252F%C3%BC/token",
        ),
        ("https://a.example/?t={v}&x=1", "1&admin=true#", "https://a.example/?t=1%26admin%3Dtrue%23&x=1"),
        ("https://a.example/?t={v}", "..", "https://a.example/?t=.."),
        ("https://a.example/{v}", "", None),
        ("https://a.example/{other}", "x", None),
    ],
)
def test_a_value_in_a_url_is_what_it_is_where_it_stands(template: str, value: Any, url: str | None) -> None:
    assert filled_url(template, {"v": value}) == url


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("https://{v}.example.com/token", "evil.example/"),
        ("https://{v}.example.com/token", "evil.example#"),
        ("https://{v}.example.com/token", "evil.example?"),
        ("https://{v}.example.com/token", "evil.example\\"),
        ("https://{v}.example.com/token", "user@evil.example"),
        ("https://{v}.example.com/token", "a b"),
        ("https://{v}.example.com/token", "a\r\nb"),
        ("https://{v}.example.com/token", "evil.example:443/"),
        ("https://{v}.example.com/token", "-a"),
        ("https://{v}.example.com/token", "a."),
        ("https://a.example/{v}/token", ".."),
        ("https://a.example/{v}/token", "."),
    ],
)
def test_a_value_that_would_lead_elsewhere_is_refused(template: str, value: str) -> None:
    with pytest.raises(TemplateUnfilled, match="v cannot be"):
        filled_url(template, {"v": value})


def test_a_value_in_json_ends_no_text() -> None:
    filled_in = filled_json('{"key": "{v}"}', {"v": 'a", "admin": "\n'})
    assert filled_in is not None
    assert json.loads(filled_in) == {"key": 'a", "admin": "\n'}
    assert filled_json('{"key": "{v}"}', {"v": ""}) is None
