"""What `feedsite diff` finds: what subscribers of the feeds will notice of an edit, as values and in words."""
