"""Notifies a hub, and the caches in front, of what changed."""
