"""What all views share: the session, caches, jobs, cities, panels and controls."""
