"""SNS: messages to topics and telephones."""
