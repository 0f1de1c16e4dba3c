"""What letters may ask of reports."""
