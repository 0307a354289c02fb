"""The index: an SQLite file that keeps what each entry file said, which entries stand, and what is public when."""
