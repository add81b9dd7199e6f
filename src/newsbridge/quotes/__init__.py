"""Marks, reported speech, speakers: who said what."""
