"""Copies of the deployed node functions under other names, for what needs many of them, or a new one each time."""

from typing import Any, Final

import httpx

from local.settings import PREFIX

KEPT: Final = ("Runtime", "Role", "Handler", "Timeout", "MemorySize")


def node_functions(lambdas: Any) -> list[dict[str, Any]]:
    """Return the configurations of the node functions, after removing copies that a run left that was ended.

    Args:
        lambdas: a boto3 client.
    """
    found = [one for page in lambdas.get_paginator("list_functions").paginate() for one in page["Functions"]]
    for one in found:
        if one["FunctionName"].startswith(f"{PREFIX}-copy-"):
            lambdas.delete_function(FunctionName=one["FunctionName"])
    return [one for one in found if one["FunctionName"].startswith(f"{PREFIX}-node-")]


def code_of(lambdas: Any, function: str) -> bytes:
    """Return a function's zip."""
    location = lambdas.get_function(FunctionName=function)["Code"]["Location"]
    return httpx.get(location, trust_env=False).raise_for_status().content


def copy(lambdas: Any, like: dict[str, Any], name: str, code: bytes, **changed: Any) -> str:
    """Deploy a function like another one with this code (a zip); return its name.

    Args:
        lambdas: a boto3 client.
        like: configuration of the other one.
        name: what follows the prefix of copies.
        code: a zip.
        changed: arguments of `create_function` that differ.
    """
    own = f"{PREFIX}-copy-{name}"
    arguments = {
        **{key: like[key] for key in KEPT},
        "Environment": {"Variables": like["Environment"]["Variables"]},
        "Layers": [layer["Arn"] for layer in like["Layers"]],
        **changed,
    }
    lambdas.create_function(FunctionName=own, Code={"ZipFile": code}, **arguments)
    return own
