"""What runs in computing children, a file for each task; only here may heavy libraries be imported."""
