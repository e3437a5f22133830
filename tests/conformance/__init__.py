"""Golden cases on real engines: the same machines, with the nodes' real behaviours as Lambda functions."""
