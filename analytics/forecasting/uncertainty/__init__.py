"""The whole range of what may come: distributions, intervals, and joint draws."""
