"""The webhook: a request to a published path starts its workflow, and is answered as the workflow says."""
