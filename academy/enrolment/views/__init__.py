"""Pages that show seats and who holds them; each file has a blueprint."""
