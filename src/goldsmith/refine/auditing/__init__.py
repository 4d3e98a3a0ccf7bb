"""Measures the filters of a finished run: documents are drawn, people say what should have become of them."""
