"""The CDK app: one stack per lifecycle, one construct per thing. Synthesis makes no AWS call."""
