"""S3: each object that is made in a bucket starts the workflow."""
