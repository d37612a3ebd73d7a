"""Files that lifecycle reads."""
