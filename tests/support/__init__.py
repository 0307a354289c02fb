"""What several test modules need. No test module imports another one."""
