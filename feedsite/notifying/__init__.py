"""What is told to others when something changed: a hub, and the caches in front."""
