"""The choice of language in the frame of every page, for the signed-out too."""
