"""What is done to agents, their training and their cards; one use case a function."""
