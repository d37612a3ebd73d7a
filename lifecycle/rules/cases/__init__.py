"""What may be done with a case: pure functions over its steps and its card."""
