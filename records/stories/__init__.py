"""What a story shows of the record book."""
