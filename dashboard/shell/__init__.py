"""What all views share: the session, caches, cities, panels and controls."""
