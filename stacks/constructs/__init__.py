"""One construct per thing that a stack is made of. They take what they need and hand out what they made."""
