"""Pages and panels of usage and money."""
