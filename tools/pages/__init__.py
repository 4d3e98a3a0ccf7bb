"""The reference pages that are rendered from the code: one file a page, each with one function `render() -> str`."""
