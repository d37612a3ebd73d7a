"""How connections are set up, when they run, and what the values of answers mean. Pure."""
