"""One file, one model annotator; each ends in `plugin = TheClass`."""
