"""The use cases of lifecycle: the only writers of its tables."""
