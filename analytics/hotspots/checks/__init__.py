"""The conformance checks of hotspot methods: what a method answers, and what pasts and cells it meets."""
