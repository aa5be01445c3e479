"""Forecasts of demand with their track record."""
