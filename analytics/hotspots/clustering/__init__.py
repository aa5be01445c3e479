"""Clusters in space and time: scan statistics and near repeats."""
