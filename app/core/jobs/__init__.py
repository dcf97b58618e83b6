"""Background work: our rows hold the truth, Huey only carries the message that there is work."""
