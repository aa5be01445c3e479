"""What is kept on disk: the workspace and stored results."""
