"""Answers with the model until its input ends: `engine.py FILE`. Tells where on one line of JSON, when it is loaded.

Runs as a script under the model's own environment, so it imports nothing of the product.
"""

import json
import os
import sys

CONTEXT = 4096
"""Tokens of a talk, answer included: what the model was trained with is twice that, and takes twice the memory."""


def main(file: str) -> None:
    """Serve until whoever started this is gone."""
    import xllamacpp  # not of the product's environment

    params = xllamacpp.CommonParams()
    params.model.path = file
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.verbosity = -1
    params.warmup = False
    threads = os.cpu_count() or 2
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(params)
    print(json.dumps({"url": server.listening_address}), flush=True)
    sys.stdin.buffer.read()


if __name__ == "__main__":
    main(sys.argv[1])
