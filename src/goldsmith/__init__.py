"""Goldsmith: an open, self-hosted, neutral AI data engine."""

__version__ = "0.1.0"
