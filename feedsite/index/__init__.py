"""The index: an SQLite file with what each entry file says, which entries stand, and what is public when."""
