"""Starts LocalStack inside its own environment, with two of its parts replaced. Run by `engine`, never imported by us.

- Expressions are evaluated by jsonata-python: LocalStack would download a Java runtime for that.
- Text variables are escaped: LocalStack 4.14 pastes them between quotes as they are, so a quote in one breaks it
  (services/stepfunctions/asl/jsonata/jsonata.py, `encode_jsonata_variable_declarations`).
- Lambda functions run as processes (`executor`): LocalStack would start containers.

Everything else is LocalStack's, which is the point of it.
"""

import json
import sys
from typing import Any

import jsonata as evaluator
from executor import ProcessExecutor  # type: ignore[import-not-found]  # beside this file, which runs as a script
from localstack.runtime.main import main
from localstack.services.lambda_.invocation import runtime_executor
from localstack.services.stepfunctions.asl.jsonata import jsonata


class Bridge:
    """Evaluates expressions, as LocalStack's bridge to Java does: nothing is null."""

    def eval_jsonata(self, expression: str) -> Any:
        """Return an expression's value. Raises JSONataException."""
        try:
            found = evaluator.Jsonata.jsonata(expression).evaluate(None)
            return json.loads(json.dumps(found, default=_plain))
        except Exception as error:
            raise jsonata.JSONataException("UNKNOWN", str(error)) from error


def _plain(value: Any) -> Any:
    return None if value is evaluator.utils.Utils.NULL_VALUE else list(value)


def declarations(bindings: dict[str, Any]) -> str:
    """Return variables as JSONata."""
    return "".join(f"{name}:={json.dumps(value, separators=(',', ':'))};" for name, value in bindings.items())


def replace() -> None:
    """Replace the parts, wherever they have been imported to."""
    parts = {"encode_jsonata_variable_declarations": declarations, "get_runtime_executor": lambda: ProcessExecutor}
    jsonata._JSONataJVMBridge.get = staticmethod(Bridge)
    runtime_executor.get_runtime_executor = parts["get_runtime_executor"]
    for module in list(sys.modules.values()):
        for name, part in parts.items():
            if getattr(module, "__name__", "").startswith("localstack.") and hasattr(module, name):
                setattr(module, name, part)


if __name__ == "__main__":
    # Imported first, so that what they have taken over by name can be replaced.
    import localstack.services.lambda_.provider
    import localstack.services.stepfunctions.provider  # noqa: F401

    replace()
    main()
