"""The job loop: slow work outside the request, heavy computing outside the process."""
