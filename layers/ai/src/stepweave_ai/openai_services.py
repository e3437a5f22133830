"""OpenAI's services beside chat, which some other servers have, too: moderation, embeddings, transcription, images."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import openai

from stepweave.runtime.errors import DataTooLarge
from stepweave_ai.accounts import Account
from stepweave_ai.errors import ModelNotFound, ModelServiceMissing, ModelUnavailable
from stepweave_ai.failures import refusal, translated
from stepweave_ai.network import client
from stepweave_ai.openai_client import openai_client
from stepweave_ai.talking import Tokens

MOST_IMAGE_BYTES: Final = 50 * 1024 * 1024
_NAMED_MODELS: Final = ("model_not_found", "invalid_model")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a moderation says of a text: whether it is flagged, in which categories, and how sure it is of each."""

    flagged: bool
    categories: Sequence[str]
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Segment:
    """What was said from a second to another."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said. `language`, `seconds` and `segments` are there where they were asked for."""

    text: str
    language: str
    seconds: float
    segments: Sequence[Segment]
    tokens: Tokens
    billed_seconds: float


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures, and the prompts that the provider made of the one that was given ("" for none)."""

    contents: Sequence[bytes]
    prompts: Sequence[str]
    tokens: Tokens


class OpenAIServices:
    """The services of an account. All raise one of `stepweave_ai.errors`, ConnectionFailed or AddressForbidden."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client: openai.OpenAI | None = None

    def moderate(self, model: str, text: str, *, seconds: float) -> Verdict:
        """Say whether a text breaks the provider's rules."""
        with self._asked(model, "moderation"):
            answer = self._sdk().moderations.create(model=model, input=text, timeout=seconds)
            found = answer.results[0].model_dump(by_alias=True)
            scores = {name: float(score) for name, score in found["category_scores"].items() if score is not None}
            flagged = [name for name, is_so in found["categories"].items() if is_so]
            return Verdict(bool(found["flagged"]), flagged, scores)

    def embed(
        self, model: str, texts: Sequence[str], dimensions: int | None, *, seconds: float
    ) -> tuple[list[list[float]], Tokens]:
        """Return the vectors of texts, in their order, and what they used."""
        more: dict[str, Any] = {} if dimensions is None else {"dimensions": dimensions}
        with self._asked(model, "embeddings"):
            # Told, as the SDK asks for base64 otherwise, which few other servers have.
            answer: Any = self._sdk().embeddings.create(
                model=model, input=list(texts), encoding_format="float", timeout=seconds, **more
            )
            vectors: dict[int, list[float]] = {}
            for place, row in enumerate(answer.data):
                vectors[place if row.index is None else row.index] = [float(number) for number in row.embedding]
            whole = [vectors[place] for place in range(len(texts))]
            usage = answer.usage
            return whole, Tokens(usage.prompt_tokens or 0 if usage else 0)

    def transcribe(
        self, model: str, file: tuple[str, bytes, str], settings: Mapping[str, Any], *, timed: bool, seconds: float
    ) -> Transcript:
        """Return what is said in a recording.

        Args:
            model: its name.
            file: its name, bytes and type.
            settings: of the API: `language`, `prompt`, `temperature`.
            timed: whether segments are asked for.
            seconds: until the answer must be there.
        """
        form: dict[str, Any] = {"response_format": "json"}
        if timed:
            form = {"response_format": "verbose_json", "timestamp_granularities": ["segment"]}
        with self._asked(model, "transcription"):
            answer: Any = self._sdk().audio.transcriptions.create(
                model=model, file=file, timeout=seconds, **form, **settings
            )
            found: dict[str, Any] = {"text": answer} if isinstance(answer, str) else answer.model_dump()
            parts = [
                Segment(float(one["start"]), float(one["end"]), str(one["text"]).strip())
                for one in found.get("segments") or ()
            ]
            if not isinstance(found["text"], str):
                raise TypeError("the text is none")
            length = float(found.get("duration") or 0)
            tokens, billed = _heard(found.get("usage") or {}, length)
            return Transcript(found["text"], str(found.get("language") or ""), length, parts, tokens, billed)

    def pictures(self, model: str, prompt: str, settings: Mapping[str, Any], *, seconds: float) -> Pictures:
        """Return pictures of what a prompt says; `settings` are the API's: `n`, `size`, `quality`, `output_format`.

        Raises:
            DataTooLarge: one is larger than `MOST_IMAGE_BYTES`.
        """
        with self._asked(model, "images"):
            answer = self._sdk().images.generate(model=model, prompt=prompt, timeout=seconds, **settings)
            rows = [row.model_dump() for row in answer.data or ()]
            if not rows:
                raise ValueError("there are no pictures")
            contents = [self._content(model, row, seconds) for row in rows]
            usage = answer.usage.model_dump() if answer.usage else {}
            tokens = Tokens(usage.get("input_tokens") or 0, usage.get("output_tokens") or 0)
            return Pictures(contents, [row.get("revised_prompt") or "" for row in rows], tokens)

    def _content(self, model: str, row: Mapping[str, Any], seconds: float) -> bytes:
        if row.get("b64_json"):
            return base64.b64decode(row["b64_json"], validate=True)
        content = b""
        with client().stream("GET", str(row["url"]), timeout=seconds) as answer:
            if answer.status_code >= 300:
                raise refusal(self._account, model, max(answer.status_code, 500), None, answer.headers)
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > MOST_IMAGE_BYTES:
                    words = f"{self._account.host}: the picture has more than {MOST_IMAGE_BYTES // 1024**2} MB."
                    raise DataTooLarge(words, "Ask for a smaller one.")
        return content

    @contextmanager
    def _asked(self, model: str, service: str) -> Iterator[None]:
        """Raise errors of our own for the block: also where the server has no such service, or answers anything."""
        host = self._account.host
        try:
            with translated(self._account, model):
                yield
        except ModelNotFound as error:
            if error.details.get("code") in _NAMED_MODELS:
                raise
            raise ModelServiceMissing(
                f"{host} has no {service}, or no model “{model}” for it: {error.message}",
                f"Choose a model that does {service}, or an account with a server that has it.",
                details=error.details,
            ) from None
        except (AttributeError, TypeError, KeyError, IndexError, ValueError) as error:
            raise ModelUnavailable(
                f"{host}: what answers is no {service} ({type(error).__name__}).",
                "Try again, or check the credential's base URL.",
                details={"host": host},
            ) from None

    def _sdk(self) -> openai.OpenAI:
        if self._client is None:
            self._client = openai_client(self._account)
        return self._client


def _heard(usage: Mapping[str, Any], length: float) -> tuple[Tokens, float]:
    """Return the tokens and the seconds that are billed: one or the other."""
    if usage.get("type") == "tokens":
        details = usage.get("input_token_details") or {}
        tokens = Tokens(
            usage.get("input_tokens") or 0, usage.get("output_tokens") or 0, audio=details.get("audio_tokens") or 0
        )
        return tokens, 0
    return Tokens(), float(usage.get("seconds") or length)
