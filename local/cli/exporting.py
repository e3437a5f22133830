"""`stepweave export`: a workspace as a ZIP file, fetched page by page, so that no size is too large for a server."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.cli.running import Target, connected
from local.client.rest import Client


async def export(target: Target, file: Path, say: Callable[[str], None]) -> dict[str, int]:
    """Write all parts into `file`, which is there only once it is whole; return how many rows each has.

    Raises:
        ApiError, Unreachable: the API refuses, or does not answer.
        OSError: the file cannot be written.
    """
    counted: dict[str, int] = {}
    begun = file.with_name(f"{file.name}.part")
    try:
        with zipfile.ZipFile(begun, "w", zipfile.ZIP_DEFLATED) as bundle:
            async with connected(target) as client:
                parts = (await client.get("/tenant/export"))["items"]
                for number, part in enumerate(parts, 1):
                    counted[part] = await _part(client, bundle, part)
                    say(f"{number}/{len(parts)}  {part}: {counted[part]:,}")
        begun.replace(file)
    finally:
        begun.unlink(missing_ok=True)
    return counted


async def _part(client: Client, bundle: zipfile.ZipFile, part: str) -> int:
    count, after = 0, None
    documents: list[dict[str, Any]] = []
    with bundle.open(f"{part}.jsonl", "w", force_zip64=True) as out:
        while True:
            page = await client.get(f"/tenant/export/{part}", **({"after": after} if after else {}))
            out.write(page["text"].encode())
            lines = [line for line in page["text"].split("\n") if line]
            count += len(lines)
            if part == "workflows":
                documents += [json.loads(line) for line in lines]
            after = page["nextAfter"]
            if after is None:
                break
    for one in documents:
        if one.get("deleted_at") is None:
            stem = re.sub(r"[^\w-]+", "-", one["name"])[:60].strip("-") or "workflow"
            text = json.dumps(one["document"], indent=2, ensure_ascii=False)
            bundle.writestr(f"workflows/{stem}-{one['id'][:8]}.json", text)
    return count
