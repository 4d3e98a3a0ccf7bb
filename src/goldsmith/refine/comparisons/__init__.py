"""How documents are compared across a corpus: loaded by the engines when a recipe runs, never to read a recipe."""
