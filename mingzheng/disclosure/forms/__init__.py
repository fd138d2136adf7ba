"""What the steps of disclosure ask."""
