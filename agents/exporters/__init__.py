"""Files about agents that people take away."""
