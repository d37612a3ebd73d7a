"""What changes usage and money."""
