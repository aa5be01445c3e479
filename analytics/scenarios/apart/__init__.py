"""Engines of the workspace at work in processes of their own: what crosses, who asks and who answers."""
