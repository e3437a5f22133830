"""DynamoDB: items of tables."""
