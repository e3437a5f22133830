"""Languages of forms: which their own texts are there in, and which a form is in by its parameters."""

from collections.abc import Mapping
from typing import Any, Final

LANGUAGES: Final = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "ar": "Arabic",
}
"""Those that the pages' own texts (`functions/system/form/languages`) are written in, by their tags."""
OTHER: Final = "other"
"""The parameter's value for a language that the author names."""


def language_of(params: Mapping[str, Any]) -> str:
    """Return the language tag (BCP 47) of a form.

    Args:
        params: of the form trigger, as they were saved.
    """
    chosen = str(params.get("language") or "en")
    return str(params.get("languageTag") or "en") if chosen == OTHER else chosen
