"""Reads a member of a server."""

from functions.nodes.apps.discord.fields import Member
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="member",
    name="get",
    label="Get",
    summary="Reads a member of a server.",
    params=Member,
    request=RequestSpec("GET", "/guilds/{server}/members/{user}"),
    output_example=(
        {
            "user": {"id": "80351110224678912", "username": "ada"},
            "nick": None,
            "roles": ["41771983423143936"],
        },
    ),
)
