"""Running Lambda functions as processes: the code on disk, one process per execution environment, and their pools."""
