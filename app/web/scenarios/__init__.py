"""All vacant seats at once: scenarios, their comparison, and proposals from them."""
