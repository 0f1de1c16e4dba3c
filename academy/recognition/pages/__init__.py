"""What pages of recognition show: finished values."""
