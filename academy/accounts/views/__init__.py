"""Pages about signing in, me, my privacy and my organisations; each file has a blueprint."""
