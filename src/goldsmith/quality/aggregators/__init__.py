"""One file, one way to infer the consensus; each ends in `plugin = TheClass`."""
