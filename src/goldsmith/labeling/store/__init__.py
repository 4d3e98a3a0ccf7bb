"""The queries of the labelling plane, a file for each noun."""
