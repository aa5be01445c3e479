"""Plug-ins of every kind (models, hotspot methods, engines): found, made from a template, opened and checked."""
