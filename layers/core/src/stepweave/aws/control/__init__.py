"""boto3 adapters of the control plane, where a slower cold start does not count: publishing, schedules."""
