"""Pages about who pays; each file has a blueprint."""
