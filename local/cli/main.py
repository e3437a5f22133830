"""The `stepweave` command: compile, validate and run workflows from a terminal or a CI job.

Results go to stdout as JSON, everything for people to stderr, so both can be piped.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from local.cli import auditing, costs, debugging, exporting, replaying, running
from local.cli.catalogue import load_catalogue
from local.cli.common import (
    ApiKey,
    Email,
    Password,
    Url,
    read_argument,
    read_file,
    refuse,
    show,
    target_of,
    tell,
)
from local.client.rest import ApiError, Unreachable
from local.offline.testing import CannotTest, run_test
from local.settings import DEMO_EMAIL, DEMO_PASSWORD
from stepweave.compiler import CompileOptions, compile_workflow
from stepweave.model.diagnostics import Severity
from stepweave.model.workflow import Workflow

app = typer.Typer(
    name="stepweave",
    help="Compile, validate and run Stepweave workflows. Results are JSON on stdout; messages go to stderr.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

WorkflowFile = Annotated[
    Path,
    typer.Argument(
        help="The workflow document, as the editor exports it; `-` reads stdin.", metavar="FILE", show_default=False
    ),
]
audit = typer.Typer(name="audit", help="The audit of a workspace.", no_args_is_help=True)
app.add_typer(audit)
app.command()(replaying.replay)
app.command()(debugging.debug)


@app.command()
def compile(  # the command's name
    file: WorkflowFile,
    prefix: Annotated[
        str, typer.Option(help="Resource prefix of the deployment whose functions the machine invokes.")
    ] = "stepweave-local",
    optimise: Annotated[
        int,
        typer.Option("-O", help="1 runs what it can without functions; 0 gives every node its function.", min=0, max=1),
    ] = 1,
    output: Annotated[
        Literal["json", "text"], typer.Option(help="The machine and the report, or the report for people.")
    ] = "json",
) -> None:
    """Compile a workflow to its Step Functions state machine.

    Prints `{"definition", "type", "states", "report"}`: the Amazon States Language definition, STANDARD or EXPRESS,
    which state runs which node, and what was lowered and what it costs (per execution in which every node runs once:
    transitions, invocations, US dollars per 1,000; `before` is with a function for each node). A workflow with errors
    prints `{"diagnostics"}` instead and ends with status 1.

    Example: `stepweave compile order-triage.json | jq .definition > machine.asl.json`
    """
    document, catalogue = read_file(file), load_catalogue()
    result = compile_workflow(document, catalogue, CompileOptions(prefix, optimise))
    before = compile_workflow(document, catalogue, CompileOptions(prefix, 0)).compiled
    if result.compiled is None or before is None:
        show({"diagnostics": [diagnostic.to_json() for diagnostic in result.diagnostics]})
        raise typer.Exit(1)
    compiled = result.compiled
    report = costs.report(Workflow.model_validate(document), compiled, before, catalogue, prefix)
    if output == "text":
        print("\n".join(costs.lines(report)))
    else:
        machine = {"definition": compiled.definition, "type": compiled.type, "states": compiled.states}
        show({**machine, "report": report})
    tell(result.diagnostics)


@app.command()
def validate(file: WorkflowFile) -> None:
    """Check a workflow and print its diagnostics.

    Prints `{"diagnostics": [...]}`; each names the node, the field, a stable code and what to change. Ends with status
    1 when any is an error. Good as a commit hook: `stepweave validate workflows/*.json`, one at a time.
    """
    diagnostics = compile_workflow(read_file(file), load_catalogue(), CompileOptions()).diagnostics
    show({"diagnostics": [diagnostic.to_json() for diagnostic in diagnostics]})
    if any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
        raise typer.Exit(1)


@app.command("test")
def compare(
    file: WorkflowFile,
    trigger: Annotated[str | None, typer.Option(help="Name of the trigger node, where there are several.")] = None,
    input: Annotated[  # the option's name
        str | None,
        typer.Option(help="The trigger's item as a JSON object, a JSON list of them, or `@file`; in place of its own."),
    ] = None,
    output: Annotated[Literal["text", "json"], typer.Option(help="Lines for people, or the whole report.")] = "text",
) -> None:
    """Run a workflow offline and compare what its nodes give with what they should.

    Nodes run in this process, in the order and with the meaning of a real execution; no stack, no AWS, no network. A
    node with pinned output does not run: whatever reaches out to a server, or waits for somebody, must have one. Ends
    with status 1 when a node gives anything but its `expected` items or the run fails.

    Example: `stepweave test order-triage.json --output json | jq .passed`
    """
    document = read_file(file)
    result = compile_workflow(document, load_catalogue(), CompileOptions())
    if result.compiled is None:
        show({"diagnostics": [diagnostic.to_json() for diagnostic in result.diagnostics]})
        raise typer.Exit(1)
    try:
        items: list[Any] = [] if input is None else running.items_of(read_argument(input))
        report = run_test(Workflow.model_validate(document), load_catalogue(), trigger=trigger, items=items)
    except (CannotTest, running.CannotRun) as error:
        refuse(str(error))
    if output == "json":
        show(report.to_json())
    else:
        print("\n".join(report.lines()))
    if not report.expectations:
        print("Nothing is expected of any node; add `expected` items to some.", file=sys.stderr)
    if not report.passed:
        raise typer.Exit(1)


@app.command()
def run(
    workflow: Annotated[
        str, typer.Argument(help="A workflow file, or the id of a workflow in the stack.", metavar="FILE|ID")
    ],
    input: Annotated[  # the option's name
        str, typer.Option(help="The trigger's item as a JSON object, a JSON list of them, or `@file`.")
    ] = "{}",
    trigger: Annotated[str | None, typer.Option(help="Name of the trigger node, where there are several.")] = None,
    live: Annotated[bool, typer.Option("--live", help="Run the published version instead of the draft.")] = False,
    url: Url = "",
    email: Email = DEMO_EMAIL,
    password: Password = DEMO_PASSWORD,
    api_key: ApiKey = "",
) -> None:
    """Run a workflow on the running stack, show its events as they come, and print the result.

    A FILE is saved as a draft of the workflow with its name (made where there is none) and run; an ID runs that
    workflow.
    Prints `{"executionId", "status", "response", "output", "error"}`; ends with status 1 when the execution fails.

    Example: `stepweave run greet.json --input '{"name": "Ada"}'`
    """
    try:
        items = running.items_of(read_argument(input))
    except running.CannotRun as error:
        refuse(str(error))
    target = target_of(url, email, password, api_key)
    document = read_file(Path(workflow)) if Path(workflow).is_file() or workflow == "-" else None
    if document is not None and not isinstance(document, dict):
        refuse(f"{workflow} is not a workflow document: it must be a JSON object.")
    request = running.Request(
        None if document is not None else workflow, document, items, trigger, "live" if live else "draft"
    )
    try:
        result = asyncio.run(running.run(target, request, lambda line: print(line, file=sys.stderr)))
    except (ApiError, Unreachable, running.CannotRun) as error:
        refuse(str(error))
    show(result)
    if result["status"] != "succeeded":
        raise typer.Exit(1)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The ZIP file to write.", metavar="FILE", show_default=False)],
    url: Url = "",
    email: Email = DEMO_EMAIL,
    password: Password = DEMO_PASSWORD,
    api_key: ApiKey = "",
) -> None:
    """Write a workspace into a ZIP file: workflows, versions, executions, data, the audit; no secrets.

    Each part is a file of JSON lines in it, each workflow also a document that the editor imports. Progress goes to
    stderr; prints `{"file", "parts"}` with how many rows each part has.

    Example: `STEPWEAVE_API_KEY=swk_... stepweave export workspace.zip`
    """
    target = target_of(url, email, password, api_key)
    try:
        counted = asyncio.run(exporting.export(target, file, lambda line: print(line, file=sys.stderr)))
    except (ApiError, Unreachable) as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"{file} cannot be written: {error.strerror}.")
    show({"file": str(file), "parts": counted})


@audit.command()
def verify(
    expect: Annotated[
        str, typer.Option(help="`SEQ:HASH` of an earlier check: that entry must still be there.", metavar="SEQ:HASH")
    ] = "",
    url: Url = "",
    email: Email = DEMO_EMAIL,
    password: Password = DEMO_PASSWORD,
    api_key: ApiKey = "",
) -> None:
    """Fetch the whole audit and compute its chain here, without trusting the server's own check.

    Prints `{"ok", "entries", "head", "faults"}`; ends with status 1 when an entry was changed, is missing or stands
    elsewhere. Keep `entries` and `head` elsewhere, and give them as `--expect` the next time.

    Example: `STEPWEAVE_API_KEY=swk_... stepweave audit verify --expect 1042:9f86d0...`
    """
    target = target_of(url, email, password, api_key)
    try:
        found = asyncio.run(auditing.verified(target, expect))
    except (ApiError, Unreachable, running.CannotRun) as error:
        refuse(str(error))
    show(found)
    if not found["ok"]:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
