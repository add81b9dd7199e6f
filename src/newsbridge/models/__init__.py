"""Checkpoints: the embedded one lies here; pulling, converting and testing others joins it."""
