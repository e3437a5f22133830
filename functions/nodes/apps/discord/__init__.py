"""Discord: messages, reactions, threads, channels and members of servers, by a bot or a webhook."""
