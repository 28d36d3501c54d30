"""Formats: how answers are written for programs."""
