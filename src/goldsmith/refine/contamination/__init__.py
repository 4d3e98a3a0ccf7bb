"""Contamination: which items of test sets stand in a document, word for word or in other words."""
