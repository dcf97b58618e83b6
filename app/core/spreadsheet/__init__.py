"""Reading and writing spreadsheets of unknown origin without trusting them."""
