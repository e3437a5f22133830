"""OpenAI's services beside chat, as `tests.fakes.models` serves them: what is asked says what is answered.

A text with "bad" in it is flagged; a vector has the text's length first; a recording is what the test says; a picture
is a PNG's beginning.
"""

import base64
import json
from email import message_from_bytes
from typing import Any, Final

PNG: Final = b"\x89PNG\r\n\x1a\n" + b"pixels"


def form_of(asked: Any) -> dict[str, Any]:
    """The fields of a multipart form; a file is (name, bytes, type)."""
    head = b"content-type: " + asked.headers["content-type"].encode() + b"\r\n\r\n"
    found: dict[str, Any] = {}
    parts: Any = message_from_bytes(head + asked.body).get_payload()
    for part in parts:
        content = part.get_payload(decode=True)
        name, file = part.get_param("name", header="content-disposition"), part.get_filename()
        found[name] = (file, content, part.get_content_type()) if file else content.decode()
    return found


def _moderation(exchange: Any, says: Any, server: Any) -> dict[str, Any]:
    text = json.loads(exchange.asked.body)["input"]
    is_bad = "bad" in text
    categories = {"harassment": is_bad, "harassment/threatening": False, "violence": False}
    scores = {"harassment": 0.91 if is_bad else 0.01, "harassment/threatening": 0.4, "violence": 0.0}
    result = {"flagged": is_bad, "categories": categories, "category_scores": scores}
    return {"id": "m", "model": "omni-moderation-latest", "results": [result]}


def _embeddings(exchange: Any, says: Any, server: Any) -> dict[str, Any]:
    body = json.loads(exchange.asked.body)
    size = body.get("dimensions", 3)
    rows = [
        {"object": "embedding", "index": place, "embedding": [float(len(text)), *((size - 1) * [0.5])]}
        for place, text in enumerate(body["input"])
    ]
    usage = {"prompt_tokens": len(rows) * 10, "total_tokens": len(rows) * 10}
    return {"object": "list", "data": rows[::-1], "model": body["model"], "usage": usage}


def _transcription(exchange: Any, says: Any, server: Any) -> dict[str, Any]:
    form = form_of(exchange.asked)
    text = "".join(says.pieces) or "Hello there. Good bye."
    if form["response_format"] == "verbose_json":
        parts = [
            {"id": 0, "start": 0.0, "end": 1.5, "text": " Hello there."},
            {"id": 1, "start": 3661.25, "end": 3662.0, "text": " Good bye."},
        ]
        return {"task": "transcribe", "language": "english", "duration": 90.5, "text": text, "segments": parts}
    if form["model"].startswith("gpt-"):
        details = {"text_tokens": 4, "audio_tokens": 100}
        tokens = {"input_tokens": 104, "output_tokens": 20, "total_tokens": 124, "input_token_details": details}
        return {"text": text, "usage": {"type": "tokens", **tokens}}
    return {"text": text, "usage": {"type": "duration", "seconds": 90}}


def _images(exchange: Any, says: Any, server: Any) -> dict[str, Any]:
    body = json.loads(exchange.asked.body)
    if body["model"].startswith("dall-e"):
        server.web.routes["/picture.png"] = lambda seen: seen.answer(200, PNG, content_type="image/png")
        return {"created": 1, "data": [{"url": server.web.url("/picture.png"), "revised_prompt": "A cat, in oil."}]}
    rows = [{"b64_json": base64.b64encode(PNG + bytes([place])).decode()} for place in range(body.get("n", 1))]
    usage = {"input_tokens": 12, "output_tokens": 272, "total_tokens": 284}
    details = {"input_tokens_details": {"text_tokens": 12, "image_tokens": 0}}
    return {"created": 1, "data": rows, "usage": {**usage, **details}}


SERVICES: Final = {
    "/v1/moderations": _moderation,
    "/v1/embeddings": _embeddings,
    "/v1/audio/transcriptions": _transcription,
    "/v1/images/generations": _images,
}
