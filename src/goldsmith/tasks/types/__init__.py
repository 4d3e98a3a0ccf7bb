"""One file, one question type; each ends in `plugin = TheClass`."""
