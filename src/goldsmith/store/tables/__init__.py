"""The tables of the two planes: `directory` (people, no content) and `vault` (content, no people)."""
