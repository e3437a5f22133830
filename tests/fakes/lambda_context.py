"""The second argument of a Lambda handler."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LambdaContext:
    """What our handlers read of it."""

    function_name: str = "stepweave-test-function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:stepweave-test-function"
    aws_request_id: str = "8f507cfc-xmpl-4697-b07a-ac58fc914c95"


CONTEXT = LambdaContext()
