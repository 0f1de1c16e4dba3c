"""The shape of what people fill in about who pays."""
