"""What is happening now: the week, warnings, targets and the quality of services."""
