"""Files that tell who the agents are."""
