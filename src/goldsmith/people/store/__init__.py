"""The directory's statements: `people` (who is engaged where) and `credentials` (what they show to get in)."""
