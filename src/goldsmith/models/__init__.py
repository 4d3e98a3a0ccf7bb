"""Programs that answer items beside people, each honestly named and versioned."""
