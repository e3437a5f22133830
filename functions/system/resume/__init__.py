"""Resume: a call of an execution's callback URL lets the node that waits for it go on."""
