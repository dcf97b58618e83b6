"""Programs for developers; nothing of the running platform imports them."""
