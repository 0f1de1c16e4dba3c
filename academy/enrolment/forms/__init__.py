"""The shape of what people fill in about seats and classes."""
