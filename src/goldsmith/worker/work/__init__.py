"""The kinds of jobs, a file for each."""
