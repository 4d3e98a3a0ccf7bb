"""Infer one question of a project: a kind of question is a file."""
