"""What exists: transfers under way, what was seen in a file, recordings and their parts."""
