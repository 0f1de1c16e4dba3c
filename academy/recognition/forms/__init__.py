"""Forms of recognition: the shape of what is sent."""
