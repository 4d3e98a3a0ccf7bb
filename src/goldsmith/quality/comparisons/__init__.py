"""The consensus of comparisons: which of two, or of several, is better."""
