"""What may be done with what people tell: take it in, handle it, answer it."""
