"""Files of reference data and of levels: their columns and what their rows mean."""
