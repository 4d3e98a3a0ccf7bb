"""The consensus of spans: answers that mark stretches of a text, as one tag for each token."""
