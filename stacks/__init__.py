"""The CDK app: one stack per lifecycle, one construct per thing, bundling without Docker. Synthesis makes no AWS call."""
