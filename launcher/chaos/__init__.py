"""Kills parts of a running stack in the middle of its work, and counts what that cost."""
