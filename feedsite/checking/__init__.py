"""What `feedsite check` prints beside the faults in the index: notes that need the whole site; and how it prints."""
