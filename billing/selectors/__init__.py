"""What other apps and the pages ask of usage and money."""
