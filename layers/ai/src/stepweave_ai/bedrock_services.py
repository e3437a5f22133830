"""Embeddings of Amazon Bedrock: Amazon's Titan and Cohere's models, which are invoked each in a way of its own."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from stepweave_ai.accounts import Account
from stepweave_ai.bedrock_client import aws_client, silent_for
from stepweave_ai.bedrock_failures import parsed, translated
from stepweave_ai.errors import ModelServiceMissing
from stepweave_ai.talking import Tokens

_COHERE_TEXTS: Final = 96
"""Texts of a request (Cohere Embed on Bedrock, "texts")."""
_COUNT: Final = "x-amzn-bedrock-input-token-count"


class BedrockServices:
    """The services of an account, as `stepweave_ai.openai_services` has more of them."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client: Any = None

    def embed(
        self, model: str, texts: Sequence[str], dimensions: int | None, *, seconds: float
    ) -> tuple[list[list[float]], Tokens]:
        """Return the vectors of texts, in their order, and what they used.

        Raises:
            NodeError: one of `stepweave_ai.errors`, ConnectionFailed, AddressForbidden, CredentialMissing.
        """
        if "titan-embed-text" in model:
            asked = [(self._titan(text, dimensions), 1) for text in texts]
        elif "cohere.embed" in model:
            parts = [texts[place : place + _COHERE_TEXTS] for place in range(0, len(texts), _COHERE_TEXTS)]
            asked = [(self._cohere(part, dimensions), len(part)) for part in parts]
        else:
            raise ModelServiceMissing(
                f"{self._account.host} has no embeddings of “{model}” that can be asked for.",
                "Choose a model of Amazon Titan Text Embeddings or of Cohere Embed.",
                details={"model": model},
            )
        vectors: list[list[float]] = []
        tokens = 0
        with translated(self._account, model), silent_for(seconds):
            for body, wanted in asked:
                found, used = self._invoked(model, body)
                with parsed(self._account):
                    if len(found) != wanted:
                        raise ValueError("there are fewer vectors than texts")
                vectors += found
                tokens += used
        return vectors, Tokens(tokens)

    def _invoked(self, model: str, body: Mapping[str, Any]) -> tuple[list[list[float]], int]:
        if self._client is None:
            self._client = aws_client(self._account, "bedrock-runtime")
        with parsed(self._account):
            answer = self._client.invoke_model(
                modelId=model, body=json.dumps(body), contentType="application/json", accept="application/json"
            )
            told = json.loads(answer["body"].read())
            rows = [told["embedding"]] if "embedding" in told else told["embeddings"]
            rows = rows["float"] if isinstance(rows, dict) else rows
            headers = answer["ResponseMetadata"]["HTTPHeaders"]
            count = told.get("inputTextTokenCount") or headers.get(_COUNT) or 0
            return [[float(number) for number in row] for row in rows], int(count)

    @staticmethod
    def _titan(text: str, dimensions: int | None) -> dict[str, Any]:
        return {"inputText": text, **({} if dimensions is None else {"dimensions": dimensions})}

    @staticmethod
    def _cohere(texts: Sequence[str], dimensions: int | None) -> dict[str, Any]:
        body = {"texts": list(texts), "input_type": "search_document", "embedding_types": ["float"]}
        return {**body, **({} if dimensions is None else {"output_dimension": dimensions})}
