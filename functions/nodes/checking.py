"""Looks at every node's folder, and says with the file what is wrong in it and what to write.

    python -m functions.nodes.checking    exit 1 when something is wrong

What a spec says is checked as data (`problems`); what a node raises is read from its files, which are not run.
"""

import ast
import importlib
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from functions.nodes import catalogue
from stepweave.runtime.errors import NodeError
from stepweave.spec.fields import NodeParams
from stepweave.spec.node import NodeSpec, TriggerCode, TriggerKind
from stepweave.spec.operation_checks import Problem, app_problems
from stepweave.spec.options_checks import FILE as OPTIONS_FILE
from stepweave.spec.options_checks import options_problems

_TYPE: Final = re.compile(r"[a-z][a-z0-9_]*")
_ICON: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ICON_NAMES: Final = re.compile(r'"([a-z0-9-]+)": \(\) => import')
_DOCS: Final = ("Output", "Errors", "Example")
TRIGGER_FILE: Final = "trigger.py"
_ASKS: Final = TriggerCode(receives=True, polls=True).asks
_ERRORS: Final = (
    "stepweave.runtime.aws_errors",
    "stepweave.runtime.calling",
    "stepweave.runtime.database_errors",
    "stepweave.runtime.file_errors",
    "stepweave.runtime.http_errors",
    "stepweave.runtime.mail.errors",
    "stepweave.runtime.mailbox.errors",
    "stepweave.runtime.network",
    "stepweave.runtime.schemas",
    "stepweave.runtime.ssh",
    "stepweave_ai.errors",
)
"""Modules with errors that nodes share."""
_UNSAID: Final = ("ConnectionFailed", "AddressForbidden")
"""Errors that docs need not tell of: every node that talks to servers has them."""
_ROOT: Final = Path(__file__).parents[2]
_ICONS_FILE: Final = _ROOT / "web/node_modules/lucide-react/dist/esm/dynamicIconImports.mjs"


def problems(spec: NodeSpec, icons: Collection[str], known: Mapping[str, bool]) -> Iterator[Problem]:
    """Yield what is wrong with a spec.

    Args:
        spec: of a node.
        icons: the names that Lucide has; empty where they are not known here.
        known: the errors' class names, and whether each is retryable.
    """
    for words in (*_identity(spec, icons), *_listening(spec), *_errors(spec, known)):
        yield Problem("spec.py", words)
    if spec.app is not None:
        yield from app_problems(spec.app)


def undeclared(spec: NodeSpec, files: Mapping[str, str], known: Collection[str]) -> Iterator[Problem]:
    """Yield the errors that a node raises or defines, and does not declare.

    Args:
        spec: of the node.
        files: its Python files' names and texts.
        known: class names of errors that there are elsewhere.
    """
    for name, text in files.items():
        tree = ast.parse(text)
        defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and _is_error(node, known)}
        missing = sorted((_raised(tree) & (set(known) | defined) | defined) - set(spec.all_errors))
        if missing:
            yield Problem(
                name, f"It raises {', '.join(missing)}: write it to errors in spec.py, and what it means in docs."
            )


def unlike(spec: NodeSpec, files: Mapping[str, str]) -> Iterator[Problem]:
    """Yield where a trigger's code has other functions than its spec says.

    Args:
        spec: of the node.
        files: its Python files' names and texts.
    """
    said = spec.listens.asks if spec.listens else ()
    text = files.get(TRIGGER_FILE)
    if text is None:
        if said:
            yield Problem(TRIGGER_FILE, f"It is not there: write it, with {', '.join(said)}.")
        return
    if not said:
        yield Problem(TRIGGER_FILE, "The spec has no listens that says what it does: write it, or delete the file.")
        return
    has = {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)} & set(_ASKS)
    for name in (name for name in _ASKS if (name in has) is not (name in said)):
        needs = "says so, and it has none: write it" if name in said else "does not say so: take it out, or say so"
        yield Problem(TRIGGER_FILE, f"{name}: listens in spec.py {needs}.")


def choosing(spec: NodeSpec, package: str, files: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is wrong with the choices of a node's fields, and where its handler does not give them.

    Args:
        spec: of the node.
        package: its package.
        files: its Python files' names and texts.
    """
    loaders: Collection[str] = ()
    if OPTIONS_FILE in files:
        loaders = getattr(importlib.import_module(f"{package}.options"), "LOADERS", None) or ()
        if not loaders:
            yield Problem(OPTIONS_FILE, "It has no LOADERS: write the names of its loaders, each with its function.")
        elif "options(LOADERS)" not in files.get("handler.py", ""):
            yield Problem("handler.py", 'Its options.py is not asked: give lambda_node {"options": options(LOADERS)}.')
    yield from options_problems(spec, loaders)


def found() -> Iterator[str]:
    """Yield what is wrong in all folders, each with its file."""
    for spec in catalogue.specs():
        folder = catalogue.folder_of(spec.type, spec.version)
        errors = known_errors(spec)
        files = {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in _modules(folder)}
        raised = undeclared(spec, files, errors) if spec.has_function else ()
        operations = spec.app.operations if spec.app else ()
        names = {f"operations/{name}.py" for one in operations for name in (one.id, one.resource)} or set(files)
        own = (*unlike(spec, files), *choosing(spec, catalogue.packages()[spec.type, spec.version], files))
        for problem in (*problems(spec, icon_names(), errors), *own, *raised, *_misnamed(files, names)):
            yield f"{folder.relative_to(_ROOT)}/{file_of(problem, files)}: {problem.words}"


def known_errors(spec: NodeSpec) -> dict[str, bool]:
    """Return all errors that there are, with those of the node's own modules, and whether each is retryable."""
    folder, package = catalogue.folder_of(spec.type, spec.version), catalogue.packages()[spec.type, spec.version]
    for name in _ERRORS:
        importlib.import_module(name)
    for file in _modules(folder):
        importlib.import_module(".".join((package, *file.relative_to(folder).with_suffix("").parts)))
    return {kind.__name__: kind.retryable for kind in _below(NodeError)}


@cache
def icon_names() -> frozenset[str]:
    """Return the icons that Lucide has; none where the web app's packages are not installed."""
    return frozenset(_ICON_NAMES.findall(_ICONS_FILE.read_text("utf-8"))) if _ICONS_FILE.is_file() else frozenset()


def _identity(spec: NodeSpec, icons: Collection[str]) -> Iterator[str]:
    if not _TYPE.fullmatch(spec.type):
        yield f"type is {spec.type!r}: write it in lower case, with underscores."
    if not spec.name:
        yield "name is empty: write what people call the node."
    if not spec.summary.endswith("."):
        yield "summary is no sentence: write what the node does, with a full stop."
    if not _ICON.fullmatch(spec.icon) or (icons and spec.icon not in icons):
        yield f"icon is {spec.icon!r}, which Lucide does not have: write one of https://lucide.dev/icons."
    for part in _DOCS:
        if f"**{part}.**" not in spec.docs:
            yield f"docs have no part **{part}.**: write it."
    if spec.outputs and not spec.output_example:
        yield "output_example is empty: write the json of an item that the node gives."
    if not 0 < spec.timeout_seconds <= 900:
        yield f"timeout_seconds is {spec.timeout_seconds}: write 1 to 900."
    if not 128 <= spec.memory_mb <= 10_240:
        yield f"memory_mb is {spec.memory_mb}: write 128 to 10240."
    if not issubclass(spec.params, NodeParams):
        yield "params is no model of parameters: let it extend NodeParams."


def _listening(spec: NodeSpec) -> Iterator[str]:
    listens = spec.listens
    if (spec.trigger is TriggerKind.APP) is not (listens is not None):
        yield "trigger and listens do not agree: a trigger of kind app has listens, and nothing else has."
    if listens is None:
        return
    if listens.receives and listens.polls:
        yield "listens says both: make two triggers, one that receives and one that polls."
    if not listens.asks:
        yield "listens says nothing: write receives=True or polls=True."
    if bool(listens.every) is not listens.polls:
        yield "listens.every and polls do not agree: every names the parameter that says how often to poll."
    if listens.every and listens.every not in spec.params.model_json_schema(by_alias=True)["properties"]:
        yield f"listens.every is {listens.every!r}, which is no parameter: write the name of one."


def _errors(spec: NodeSpec, known: Mapping[str, bool]) -> Iterator[str]:
    for name in spec.all_errors:
        if name not in known:
            yield f"errors names {name}, which no class is: write the name of a class that extends NodeError."
        elif known[name] and name not in spec.all_retryable:
            yield f"{name} is retryable: write it to retryable, too."
    for name in spec.all_retryable:
        if name not in spec.all_errors or not known.get(name, True):
            yield f"retryable names {name}, which is none of errors that a retry helps: take it out."
    for name in spec.errors:
        if f"`{name}`" not in spec.docs and name not in _UNSAID:
            yield f"docs say nothing of `{name}`: write when it is raised."


def _misnamed(files: Mapping[str, str], names: Collection[str]) -> Iterator[Problem]:
    for file in files:
        if file.startswith("operations/") and not file.endswith("__init__.py") and file not in names:
            words = "Its name is not <resource>_<name>.py of its operation, nor <resource>.py of several: rename it."
            yield Problem(file, words)


def file_of(problem: Problem, files: Collection[str]) -> str:
    """Return the file of a problem: operations of a resource may lie together in one that is called as the resource."""
    together = (name for name in files if problem.file.startswith(f"{name.removesuffix('.py')}_"))
    return problem.file if problem.file in files else next(together, problem.file)


def _modules(folder: Path) -> list[Path]:
    """Return the Python files of a node's folder, without those of its later versions (`v2`) and an app's triggers."""
    files = sorted(folder.rglob("*.py"))
    return [file for file in files if not re.match(r"v[0-9]|triggers$", file.relative_to(folder).parts[0])]


def _raised(tree: ast.AST) -> set[str]:
    """Return the names of what a module raises: `raise AddressInvalid(...)`."""
    raises = (node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise))
    calls = (exc.func if isinstance(exc, ast.Call) else exc for exc in raises)
    return {name.id for name in calls if isinstance(name, ast.Name)}


def _is_error(node: ast.ClassDef, known: Collection[str]) -> bool:
    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
    return "NodeError" in bases or bool(bases & set(known))


def _below(kind: type[NodeError]) -> Iterator[type[NodeError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def main() -> int:
    """Write what is wrong to standard error. Return the exit status."""
    wrong = list(found())
    sys.stderr.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
