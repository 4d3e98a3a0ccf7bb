"""The kinds of source that recipes can name: one file is one kind, and ends in `plugin = TheClass`."""
