"""Shows where in a text stands what a rule stopped it for: spans in characters of the text as it is written."""
