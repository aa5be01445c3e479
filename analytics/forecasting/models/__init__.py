"""One model a file; each registers itself."""
