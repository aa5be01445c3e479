"""One method a file; each registers itself."""
