"""Measures and trains the extraction of main text from HTML."""
