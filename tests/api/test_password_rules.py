"""Which passwords are taken, and which are not."""

import hashlib

import pytest

from api.refusals import Refused
from api.services.passwords import breaches
from api.services.passwords.rules import Person, check, wrong

ADA = Person("ada.lovelace@difference.example", "Ada Lovelace", "Analytical Engines")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("password12", "most common"),
        ("letmein1234", "most common"),
        ("P4ssw0rd!12", "most common"),
        ("!!iloveyou2026", "most common"),
        ("trustno1trustno1", "most common"),
        ("qwertyqwerty", "most common"),
        ("пароль123456", "most common"),
        ("1q2w3e4r5t6y", "most common"),
        ("Stepw3ave!99", "product's name"),
        ("stepweave-demo", "product's name"),
        ("LOVELACE-2026", "your"),
        ("ada.lovelace1", "your address"),
        ("Difference99", "your address"),
        ("Analytical7!!", "workspace's name"),
        ("ada.lovelace@difference.example", "your address"),
        ("abcdefghijkl", "row of keys"),
        ("poiuytrewq", "row of keys"),
        ("aaaaaaabbbbbb", "too few"),
        ("€" * 25, "72 bytes"),
    ],
)
def test_what_is_easily_guessed_is_refused_and_why_is_said(password: str, words: str) -> None:
    message = wrong(password, ADA)
    assert message is not None
    assert words in message
    assert password not in message


@pytest.mark.parametrize(
    "password",
    [
        "correct horse 9",
        "staple the battery 7",
        "a long password of mine",
        "stepweave weaves my nightly orders",
        "vX9$kq2!Lm0z",
        "страница за страницей",
        "adaandthewhale7",
        " spaces around it ",
    ],
)
def test_what_is_long_and_in_no_list_is_taken_whatever_it_is_made_of(password: str) -> None:
    assert wrong(password, ADA) is None


def test_short_and_odd_names_are_no_words_to_look_for() -> None:
    for odd in (Person("a@b.co", "P", "A"), Person("", "", ""), Person("ü@ß.de", "!!!! ....", "----")):
        assert wrong("correct horse 9", odd) is None


def test_a_leaked_password_is_known_by_five_digits_and_a_service_that_is_away_stops_nobody() -> None:
    asked: list[str] = []
    digest = hashlib.sha1(b"correct horse 9").hexdigest().upper()

    def fetch(url: str) -> str:
        asked.append(url)
        return f"{'0' * 35}:3\r\n{digest[5:]}:17\r\n{'F' * 35}:0"

    with pytest.raises(Refused) as refused:
        check("correct horse 9", ADA, "password", breaches.leaked(fetch))
    assert "leaked" in refused.value.detail
    assert asked == [breaches.URL + digest[:5]]
    check("another horse 9", ADA, "password", breaches.leaked(fetch))
    check("correct horse 9", ADA, "password", breaches.leaked(lambda _: f"{digest[5:]}:0"))

    def away(_: str) -> str:
        raise TimeoutError

    check("correct horse 9", ADA, "password", breaches.leaked(away))
