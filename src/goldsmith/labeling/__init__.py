"""The vault's plane: projects, items, the queue, annotations and what is inferred from them."""
