"""Gates and chores of the repository: run with `python -m tools.<name>` from its root."""
