"""Main text of HTML pages: scanned to blocks by compiled code, measured, and told apart by a small trained model."""
