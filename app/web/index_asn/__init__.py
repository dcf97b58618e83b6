"""Pages of the professionalism index (IP ASN)."""
