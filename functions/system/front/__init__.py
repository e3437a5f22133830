"""The authorizer of the HTTP API on AWS: requests come through CloudFront, or not at all."""
