"""The steps of refining that `benchmarks/refine.py` measures: a file is a step, with its peers."""
