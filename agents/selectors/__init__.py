"""What is read about agents across several tables."""
