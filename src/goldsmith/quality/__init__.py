"""Numbers only: votes, consensus, agreement, calibration and intervals."""
