"""Writing letters about seats and classes."""
