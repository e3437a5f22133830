"""Which kinds of files a page takes."""


def is_of(accepted: str, name: str, mime_type: str) -> bool:
    """Whether a file is of a kind.

    Args:
        accepted: `.pdf`, `image/*` or `image/png`, in lower case.
        name: of the file.
        mime_type: as its sender says.
    """
    if accepted.startswith("."):
        return name.lower().endswith(accepted)
    kind = mime_type.partition(";")[0].strip().lower()
    return kind.startswith(accepted[:-1]) if accepted.endswith("/*") else kind == accepted
