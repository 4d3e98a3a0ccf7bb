"""Measurements that the documentation quotes: each program starts what it compares and prints one table."""
