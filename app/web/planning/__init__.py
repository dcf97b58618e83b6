"""Planning of learning: needs, what unlocks seats, proposals, the year plan."""
