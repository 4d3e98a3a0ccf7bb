"""The consensus of texts: transcripts and other answers in words."""
