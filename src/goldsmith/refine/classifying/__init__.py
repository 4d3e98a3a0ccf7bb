"""A classifier that learns from labelled texts which documents are wanted, and scores others at reading speed."""
