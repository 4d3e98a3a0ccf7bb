"""Compiled kernels that count what the quality stages decide by, from UTF-8 and the places of tokens in it."""
