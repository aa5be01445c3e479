"""What is happening now: the week, warnings, targets, the quality of services and the health of models."""
