"""The node's Lambda function."""

from functions.nodes.network.ssh.run import run
from functions.nodes.network.ssh.spec import SPEC
from functions.nodes.network.ssh.trying import try_out
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run, {"test": try_out})
