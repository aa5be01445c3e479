"""The conformance checks of forecast models: what a model answers, and what histories it meets."""
