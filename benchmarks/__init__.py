"""Us and our peers in one run, as ratios: ``python -m benchmarks NAME``."""
