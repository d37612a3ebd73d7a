"""The pages of the compliance desk."""
