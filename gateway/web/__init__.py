"""The pages of staff: what browsers are shown."""
