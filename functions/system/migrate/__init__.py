"""Brings the database of an AWS deployment to the latest migration; only from within its VPC can it be reached."""
