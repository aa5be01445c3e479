"""What we infer: forecasts, hotspots and comparisons, each with its caveats."""
