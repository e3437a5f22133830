"""S3: objects of buckets as files."""
