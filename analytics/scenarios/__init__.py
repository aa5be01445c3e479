"""Planning options compared over the same futures."""
