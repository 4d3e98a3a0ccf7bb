"""The use cases of the labelling plane, a file for each noun."""
