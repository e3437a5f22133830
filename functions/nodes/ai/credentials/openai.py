"""An account with OpenAI, or with any server that speaks its API."""

from typing import Literal

from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest, Probe
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """The key, and whose it is."""

    api_key: str = ui(
        "",
        title="API key",
        kind=Kind.SECRET,
        help="Empty for a server of your own that wants none.",
        pattern=r"^[!-~]*$",
        max_length=1000,
    )
    base_url: str = ui(
        "https://api.openai.com/v1",
        title="Base URL",
        kind=Kind.TEXT,
        help="Of OpenAI, or of a server that speaks its API. The address before /chat/completions.",
        placeholder="https://api.openai.com/v1",
        pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$",
        max_length=2000,
    )
    organization: str = ui(
        "",
        title="Organization",
        kind=Kind.TEXT,
        help="Where the key belongs to several.",
        placeholder="org-...",
        pattern=r"^[!-~]*$",
        max_length=200,
    )
    tools: Literal["native", "schema"] = ui(
        "native",
        title="Tools of agents",
        kind=Kind.SELECT,
        help="How models are told of tools. Take the schema where a server of your own ignores tools.",
        options=[("native", "Tool calls of the API"), ("schema", "By a JSON schema, for models without tool calls")],
    )


CREDENTIAL = CredentialSpec(
    type="openai",
    name="OpenAI, or compatible",
    icon="bot",
    summary="OpenAI, and whoever speaks its API: OpenRouter, Groq, Azure, Gemini, vLLM, Ollama.",
    docs="""\
Keys of OpenAI are made at platform.openai.com/api-keys. Of others, give the base URL as well:

| server | base URL |
| --- | --- |
| OpenRouter | `https://openrouter.ai/api/v1` |
| Groq | `https://api.groq.com/openai/v1` |
| Azure OpenAI | `https://NAME.openai.azure.com/openai/v1` |
| Gemini | `https://generativelanguage.googleapis.com/v1beta/openai` |
| Ollama on your machine | `http://127.0.0.1:11434/v1` |
| vLLM, llama.cpp | `http://HOST:PORT/v1` |
""",
    data=Data,
    hint=("{baseUrl}",),
    on_request=OnRequest(headers=(("authorization", "Bearer {apiKey}"),)),
    sent_to=("{baseUrl}",),
    test=Probe("{baseUrl}/models"),
)
