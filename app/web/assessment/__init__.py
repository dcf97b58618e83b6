"""Pages of assessment rounds and of results of assessment centres."""
