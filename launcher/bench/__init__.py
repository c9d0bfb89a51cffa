"""Measures the chain beside a bare baseline that does the same durable steps, in the same run."""
