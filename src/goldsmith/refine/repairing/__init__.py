"""How each kind of fault in a text is found and mended; `goldsmith.refine.repairs` puts them in their order."""
