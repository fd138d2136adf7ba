"""What may be done with files, items and recordings: the only place of this chapter that writes."""
