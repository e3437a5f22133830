"""Light AWS clients for functions whose cold start counts: SQS, S3, Lambda, Step Functions and KMS, nothing else.

boto3 with one client costs 0.26 s of a cold start, botocore's signer with urllib3 0.17 s of CPU time; this package with
`http.client` costs 0.03 s (CPython 3.11 with bytecode; `benchmarks/` measures it as D). Whoever does not count a cold
start in milliseconds uses boto3. `Aws` is the way in: it reads the environment, honours `AWS_ENDPOINT_URL`, and raises
`AwsError` only.
"""

from stepweave.aws.client import Aws
from stepweave.aws.errors import AwsError

__all__ = ["Aws", "AwsError"]
